import assert from 'node:assert/strict'
import { homedir, userInfo } from 'node:os'
import { describe, it } from 'node:test'
import {
  checkClientSettings,
  checkDefaultsMode,
  checkMetadataSettings,
  checkServiceSettings,
} from './client-settings.ts'
import { expandPath } from './expand-path.ts'
import { SettingError, Settings } from './settings.ts'
import { splitShellWords } from './shell-words.ts'

const settingsOf = (env: NodeJS.ProcessEnv, lines: Readonly<Record<string, string>> = {}, option?: string) =>
  new Settings(
    env,
    {
      ...{ profiles: new Map([['default', new Map(Object.entries(lines))]]), services: new Map() },
      ...{ ssoSessions: new Map(), credentials: new Map() },
    },
    option,
  )

/** What the check says of the settings; null: nothing. */
function problem(check: (settings: Settings) => void, settings: Settings): string | null {
  try {
    check(settings)
    return null
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    return error.message
  }
}

const signed = (settings: Settings): void => checkClientSettings(settings, true)
const size = (value: string, what: string) =>
  `Invalid value "${value}" for request_min_compression_size_bytes. Value must be ${what}`
const MODES = 'legacy, auto, standard, in-region, cross-region, mobile'

describe('a setting of AWS’s clients', () => {
  const row = (
    check: (settings: Settings) => void,
    name: string,
    variable = `AWS_${name.toUpperCase()}`,
  ) => ({
    check,
    name,
    variable,
  })
  const DEFAULTS = row(checkDefaultsMode, 'defaults_mode')
  const SIZE = row(signed, 'request_min_compression_size_bytes')
  const REQUEST = row(signed, 'request_checksum_calculation')
  const RESPONSE = row(signed, 'response_checksum_validation')
  const ENDPOINT = row(signed, 'account_id_endpoint_mode')
  const STS = row(checkServiceSettings, 'sts_regional_endpoints')
  const S3 = row(checkServiceSettings, 's3_us_east_1_regional_endpoint')
  const TIMEOUT = row(checkMetadataSettings, 'metadata_service_timeout')
  const ATTEMPTS = row(checkMetadataSettings, 'metadata_service_num_attempts')
  const PLACE_MODE = row(checkMetadataSettings, 'ec2_metadata_service_endpoint_mode')
  const PLACE = row(checkMetadataSettings, 'ec2_metadata_service_endpoint')
  const table: readonly (readonly [setting: typeof DEFAULTS, value: string, problem: string | null])[] = [
    ...['legacy', 'AUTO', 'standard', 'in-region', 'cross-region', 'mobile'].map(
      (mode) => [DEFAULTS, mode, null] as const,
    ),
    [
      DEFAULTS,
      'fast',
      `Client configured with invalid defaults mode: fast. Valid defaults modes include: ${MODES}.`,
    ],
    [SIZE, '1', null],
    [SIZE, '1048576', null],
    [SIZE, '0', size('0', 'between 1 and 1048576.')],
    [SIZE, '1048577', size('1048577', 'between 1 and 1048576.')],
    [SIZE, 'x', size('x', "an integer. Received <class 'str'> instead.")],
    ...[REQUEST, RESPONSE].flatMap((setting) => [
      [setting, 'when_supported', null] as const,
      [setting, 'When_Required', null] as const,
      [
        setting,
        'never',
        `Unsupported configuration value for ${setting.name}. Expected one of ('when_supported', 'when_required') but got never.`,
      ] as const,
    ]),
    [ENDPOINT, 'Preferred', null],
    [ENDPOINT, 'disabled', null],
    [ENDPOINT, 'required', null],
    [
      ENDPOINT,
      'x',
      "The configured value 'x' for 'account_id_endpoint_mode' is invalid. Valid values are: ('preferred', 'disabled', 'required').",
    ],
    [STS, '', null],
    [STS, 'legacy', null],
    [STS, 'regional', null],
    [
      STS,
      'Legacy',
      'STS regional endpoints option Legacy is invalid. Valid options are: "legacy", "regional"',
    ],
    [S3, 'x', 'S3 us-east-1 regional endpoint option x is invalid. Valid options are: "legacy", "regional"'],
    [TIMEOUT, '5', null],
    [TIMEOUT, '5.5', "invalid literal for int() with base 10: '5.5'"],
    [ATTEMPTS, 'x', "invalid literal for int() with base 10: 'x'"],
    [PLACE_MODE, 'IPv4', null],
    [PLACE_MODE, 'ipv6', null],
    [
      PLACE_MODE,
      'x',
      "Invalid EC2 Instance Metadata endpoint mode: x Valid endpoint modes (case-insensitive): ('ipv4', 'ipv6').",
    ],
    [PLACE, '', null],
    [PLACE, 'http://a', null],
    [PLACE, 'a', 'Invalid endpoint EC2 Instance Metadata endpoint: a'],
  ]
  for (const [setting, value, expected] of table)
    it(`${setting.name} ${value === '' ? 'of nothing' : value}: ${expected ?? 'is taken'}`, () => {
      assert.equal(problem(setting.check, settingsOf({ [setting.variable]: value })), expected)
      assert.equal(problem(setting.check, settingsOf({}, { [setting.name]: value })), expected)
      // The environment counts over the profile.
      assert.equal(
        problem(setting.check, settingsOf({ [setting.variable]: value }, { [setting.name]: 'x' })),
        expected,
      )
    })

  it('about endpoints of accounts stops only what is signed', () => {
    const settings = settingsOf({ AWS_ACCOUNT_ID_ENDPOINT_MODE: 'x' })
    assert.equal(
      problem((each) => checkClientSettings(each, false), settings),
      null,
    )
    const others = settingsOf({ AWS_REQUEST_CHECKSUM_CALCULATION: 'x' })
    assert.notEqual(
      problem((each) => checkClientSettings(each, false), others),
      null,
    )
  })

  it('of an instance is looked at as far as the profile is not needed, where that does not exist', () => {
    const check = (env: NodeJS.ProcessEnv) => problem(checkMetadataSettings, settingsOf(env, {}, 'none'))
    assert.equal(check({}), null)
    assert.equal(check({ AWS_METADATA_SERVICE_TIMEOUT: 'x' }), "invalid literal for int() with base 10: 'x'")
    assert.equal(check({ AWS_METADATA_SERVICE_NUM_ATTEMPTS: 'x' }), null)
    assert.equal(
      check({ AWS_METADATA_SERVICE_TIMEOUT: '1', AWS_METADATA_SERVICE_NUM_ATTEMPTS: 'x' }),
      "invalid literal for int() with base 10: 'x'",
    )
  })
})

describe('the words of a shell', () => {
  const table: readonly (readonly [text: string, words: readonly string[] | undefined])[] = [
    ['', []],
    ['  ', []],
    ['a', ['a']],
    [' a  b\tc\n', ['a', 'b', 'c']],
    ["'a b' c", ['a b', 'c']],
    ["a'b'c", ['abc']],
    ["''", ['']],
    ['""', ['']],
    ['"a b"', ['a b']],
    ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
    ["'a\\'", ['a\\']],
    ['a\\ b', ['a b']],
    ['\\"', ['"']],
    ['"it\'s"', ["it's"]],
    ["'a", undefined],
    ['"a', undefined],
    ['"a\\"', undefined],
    ['a\\', undefined],
    ['"a"b\'c\'', ['abc']],
  ]
  for (const [text, words] of table)
    it(`of ${JSON.stringify(text)} are ${words ? JSON.stringify(words) : 'none'}`, () =>
      assert.deepEqual(splitShellWords(text), words))
})

describe('a path in a configuration', () => {
  const env = { HOME: '/home/me', A: 'x', A_1: 'y' }
  const { username, homedir: own } = userInfo()
  const table: readonly (readonly [path: string, expanded: string])[] = [
    ['a', 'a'],
    ['~', '/home/me'],
    ['~/a', '/home/me/a'],
    ['a/~', 'a/~'],
    [`~${username}`, own],
    [`~${username}/a`, `${own}/a`],
    ['~nobody-here/a', '~nobody-here/a'],
    ['$A/b', 'x/b'],
    ['$A_1', 'y'],
    ['$A-1', 'x-1'],
    ['${A}1', 'x1'],
    ['${A}${A_1}', 'xy'],
    ['$NONE', '$NONE'],
    ['${NONE}', '${NONE}'],
    ['${}', '${}'],
    ['${A', '${A'],
    ['~/$A', '/home/me/x'],
  ]
  for (const [path, expanded] of table)
    it(`${path} is ${expanded}`, () => assert.equal(expandPath(path, env), expanded))

  it('begins at the user’s home where the environment names none', () =>
    assert.equal(expandPath('~/a', {}), `${homedir()}/a`))
})
