import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Section } from '../../protocol/ini/parse-ini.ts'
import { SettingError, Settings } from './settings.ts'

type Lines = Readonly<Record<string, string | Readonly<Record<string, string>>>>

const section = (lines: Lines): Section =>
  new Map(
    Object.entries(lines).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : new Map(Object.entries(value)),
    ]),
  )

const sections = (named: Readonly<Record<string, Lines>>): ReadonlyMap<string, Section> =>
  new Map(Object.entries(named).map(([name, lines]) => [name, section(lines)]))

interface Given {
  readonly env?: NodeJS.ProcessEnv
  readonly profiles?: Readonly<Record<string, Lines>>
  readonly credentials?: Readonly<Record<string, Lines>>
  readonly services?: Readonly<Record<string, Lines>>
  readonly option?: string
}

const settings = ({
  env = {},
  profiles = {},
  credentials = {},
  services = {},
  option,
}: Given = {}): Settings =>
  new Settings(
    env,
    {
      ...{ profiles: sections(profiles), credentials: sections(credentials) },
      ...{ services: sections(services), ssoSessions: new Map() },
    },
    option,
  )

/** What a setting is, or is refused with. */
function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    return error.message
  }
}

const of = (lines: Lines): Given => ({ profiles: { default: lines } })

describe('the profile', () => {
  it('is that of the option, of AWS_DEFAULT_PROFILE, of AWS_PROFILE, or the default one', () => {
    const profiles = {
      default: { region: 'd' },
      one: { region: '1' },
      two: { region: '2' },
      three: { region: '3' },
    }
    const env = { AWS_DEFAULT_PROFILE: 'two', AWS_PROFILE: 'three' }
    assert.equal(settings({ profiles, env, option: 'one' }).region, '1')
    assert.equal(settings({ profiles, env }).region, '2')
    assert.equal(settings({ profiles, env, option: '' }).region, '2')
    assert.equal(settings({ profiles, env: { AWS_PROFILE: 'three' } }).region, '3')
    assert.equal(settings({ profiles }).region, 'd')
    assert.equal(settings({ profiles, env, option: '' }).profileOption, undefined)
    assert.equal(settings({ profiles, option: 'one' }).profileOption, 'one')
  })

  it('is in either file, the credentials file counting over the other, or is missed', () => {
    const given = {
      profiles: { both: { region: 'p', output: 'text' }, plain: {} },
      credentials: { both: { region: 'c' }, secret: {} },
    }
    assert.deepEqual(
      [...settings({ ...given, option: 'both' }).profile],
      [
        ['region', 'c'],
        ['output', 'text'],
      ],
    )
    for (const [name, exists] of [
      ['both', true],
      ['plain', true],
      ['secret', true],
      ['none', false],
    ] as const) {
      const { hasProfile } = settings({ ...given, option: name })
      assert.equal(hasProfile, exists)
      assert.equal(
        outcome(() => settings({ ...given, option: name }).requireProfile()),
        exists ? undefined : 'The config profile (none) could not be found',
      )
    }
    assert.equal(settings({}).hasProfile, true)
    assert.equal(settings({}).profile.size, 0)
    assert.equal(
      outcome(() => settings({ option: 'none' }).region),
      'The config profile (none) could not be found',
    )
    assert.equal(settings({ option: 'none', env: { AWS_DEFAULT_REGION: 'e' } }).region, 'e')
    assert.equal(settings({ option: 'none' }).timestampStyle, 'wire')
    assert.equal(settings({ option: 'none' }).checkApiVersion(), undefined)
  })
})

describe('a setting', () => {
  const nested = { region: { a: 'b' } }
  const table: readonly (readonly [name: keyof Settings, given: Given, value: unknown])[] = [
    ['region', {}, undefined],
    ['region', { ...of({ region: 'p' }), env: { AWS_REGION: 'r', AWS_DEFAULT_REGION: 'd' } }, 'd'],
    ['region', { ...of({ region: 'p' }), env: { AWS_REGION: 'r', AWS_DEFAULT_REGION: '' } }, ''],
    ['region', { ...of({ region: 'p' }), env: { AWS_REGION: 'r' } }, 'r'],
    ['region', { ...of({ region: 'p' }), env: { AWS_REGION: '' } }, 'p'],
    ['region', of(nested), undefined],
    ['output', {}, 'json'],
    ['output', of({ output: 'text' }), 'text'],
    ['output', { ...of({ output: 'text' }), env: { AWS_DEFAULT_OUTPUT: 'table' } }, 'table'],
    ['caBundle', {}, undefined],
    ['caBundle', of({ ca_bundle: '/p' }), '/p'],
    ['caBundle', { ...of({ ca_bundle: '/p' }), env: { AWS_CA_BUNDLE: '/e' } }, '/e'],
    ['useFips', {}, false],
    ['useFips', of({ use_fips_endpoint: 'True' }), true],
    ['useFips', of({ use_fips_endpoint: 'yes' }), false],
    ['useFips', { env: { AWS_USE_FIPS_ENDPOINT: 'true' } }, true],
    ['useDualStack', {}, false],
    ['useDualStack', of({ use_dualstack_endpoint: 'TRUE' }), true],
    ['useDualStack', { env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' } }, true],
    ['followsUrlParameters', {}, true],
    ['followsUrlParameters', of({ cli_follow_urlparam: 'true' }), true],
    ['followsUrlParameters', of({ cli_follow_urlparam: 'True' }), false],
    ['followsUrlParameters', of({ cli_follow_urlparam: 'false' }), false],
    ['validatesParameters', {}, true],
    ['validatesParameters', of({ parameter_validation: 'True' }), true],
    ['validatesParameters', of({ parameter_validation: 'no' }), false],
    ['timestampStyle', {}, 'wire'],
    ['timestampStyle', of({ cli_timestamp_format: 'wire' }), 'wire'],
    ['timestampStyle', of({ cli_timestamp_format: 'none' }), 'wire'],
    ['timestampStyle', of({ cli_timestamp_format: 'iso8601' }), 'iso8601'],
    [
      'timestampStyle',
      of({ cli_timestamp_format: 'unix' }),
      'Unknown cli_timestamp_format value: unix, valid values are "none", "wire" or "iso8601"',
    ],
    ['retryMode', {}, 'legacy'],
    ['retryMode', of({ retry_mode: 'standard' }), 'standard'],
    ['retryMode', { ...of({ retry_mode: 'standard' }), env: { AWS_RETRY_MODE: 'adaptive' } }, 'adaptive'],
    ['retryMode', of({ defaults_mode: 'Legacy' }), 'legacy'],
    ['retryMode', of({ defaults_mode: 'in-region' }), 'standard'],
    ['retryMode', { env: { AWS_DEFAULTS_MODE: 'auto' } }, 'standard'],
    [
      'retryMode',
      of({ retry_mode: 'never' }),
      `Invalid value provided to "mode": "never" must be one of: ('legacy', 'standard', 'adaptive')`,
    ],
    ['attemptsMax', {}, undefined],
    ['attemptsMax', of({ max_attempts: '1' }), 1],
    ['attemptsMax', { ...of({ max_attempts: '1' }), env: { AWS_MAX_ATTEMPTS: '7' } }, 7],
    [
      'attemptsMax',
      of({ max_attempts: '0' }),
      'Value provided to "max_attempts": 0 must be an integer greater than or equal to 1.',
    ],
    ['attemptsMax', of({ max_attempts: 'x' }), "invalid literal for int() with base 10: 'x'"],
  ]
  for (const [name, given, value] of table)
    it(`${name} is ${String(value)} for ${JSON.stringify(given)}`, () =>
      assert.equal(
        outcome(() => settings(given)[name]),
        value,
      ))

  const versions = (lightsail: string) => of({ api_versions: { lightsail } })
  it('api_versions is that of the API, or stops the command', () => {
    const check = (given: Given) => outcome(() => settings(given).checkApiVersion())
    assert.equal(check({}), undefined)
    assert.equal(check(of({ api_versions: { s3: 'x' } })), undefined)
    assert.equal(check(of({ api_versions: 'x' })), undefined)
    assert.equal(check(versions('2016-11-28')), undefined)
    assert.equal(check(versions('2015-01-01')), 'Unable to load data for: lightsail/2015-01-01/service-2')
    assert.equal(check(versions('')), 'Unable to load data for: lightsail/service-2')
  })
})

describe('the endpoint of the settings', () => {
  const services = {
    mine: { lightsail: { endpoint_url: 'http://section' }, s3: { endpoint_url: 'http://s3' }, plain: 'x' },
  }
  const profile = { endpoint_url: 'http://profile', services: 'mine' }
  const all = { profiles: { default: profile }, services }
  const table: readonly (readonly [given: Given, lightsail: unknown, s3: unknown])[] = [
    [{}, undefined, undefined],
    [of({ endpoint_url: 'http://profile' }), 'http://profile', 'http://profile'],
    [of({ endpoint_url: '' }), undefined, undefined],
    [all, 'http://section', 'http://s3'],
    [{ ...all, env: { AWS_ENDPOINT_URL: 'http://env' } }, 'http://env', 'http://env'],
    [{ ...all, env: { AWS_ENDPOINT_URL: '' } }, 'http://section', 'http://s3'],
    [
      { ...all, env: { AWS_ENDPOINT_URL: 'http://env', AWS_ENDPOINT_URL_S3: 'http://own' } },
      'http://env',
      'http://own',
    ],
    [{ ...all, env: { AWS_ENDPOINT_URL_LIGHTSAIL: 'http://own' } }, 'http://own', 'http://s3'],
    [
      { ...all, env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'True', AWS_ENDPOINT_URL: 'http://env' } },
      undefined,
      undefined,
    ],
    [of({ ...profile, ignore_configured_endpoint_urls: 'true' }), undefined, undefined],
    [{ profiles: { default: profile }, services: { mine: { s3: 'x' } } }, 'http://profile', 'http://profile'],
    [
      { profiles: { default: profile } },
      'The profile is configured to use the services section but the "mine" services configuration does not exist.',
      'The profile is configured to use the services section but the "mine" services configuration does not exist.',
    ],
  ]
  for (const [given, lightsail, s3] of table)
    it(`is ${String(lightsail)}, of S3 ${String(s3)}, for ${JSON.stringify(given)}`, () => {
      assert.equal(
        outcome(() => settings(given).endpointUrl),
        lightsail,
      )
      assert.equal(
        outcome(() => settings(given).endpointUrlOf('s3')),
        s3,
      )
    })
})
