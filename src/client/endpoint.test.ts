import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkBrackets, checkEndpointUrl, checkRegionName, hasHost, resolveEndpoint } from './endpoint.ts'

const of = (region: string, more: { url?: string; useFips?: boolean; useDualStack?: boolean } = {}): string =>
  resolveEndpoint({ region, useFips: false, useDualStack: false, ...more })

describe('the endpoint of a region', () => {
  for (const [region, plain, dual] of [
    ['eu-west-1', 'amazonaws.com', 'api.aws'],
    ['ap-southeast-5', 'amazonaws.com', 'api.aws'],
    ['cn-north-1', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
    ['eusc-de-east-1', 'amazonaws.eu', 'api.amazonwebservices.eu'],
    ['us-iso-east-1', 'c2s.ic.gov', 'api.aws.ic.gov'],
    ['us-isob-east-1', 'sc2s.sgov.gov', 'api.aws.scloud'],
    ['eu-isoe-west-1', 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
    ['us-isof-south-1', 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'],
    ['us-gov-west-1', 'amazonaws.com', 'api.aws'],
    // One that is newer than this program.
    ['zz-moon-1', 'amazonaws.com', 'api.aws'],
    ['', 'amazonaws.com', 'api.aws'],
  ] as const)
    it(`${region} is under ${plain}, or ${dual}`, () => {
      assert.equal(of(region), `https://lightsail.${region}.${plain}`)
      assert.equal(of(region, { useFips: true }), `https://lightsail-fips.${region}.${plain}`)
      assert.equal(of(region, { useDualStack: true }), `https://lightsail.${region}.${dual}`)
    })

  it('is the one that was given, whatever else is asked for', () => {
    assert.equal(of('eu-west-1', { url: 'http://a', useFips: true, useDualStack: true }), 'http://a')
    assert.equal(of('eu-west-1', { url: '' }), '')
  })
})

describe('the name of a region', () => {
  for (const name of ['', 'a', 'eu-west-1', 'x'.repeat(63), '1a'])
    it(`may be ${JSON.stringify(name)}`, () => checkRegionName(name))
  for (const name of ['-a', 'a-', '12', 'a.b', 'a b', 'é', 'x'.repeat(64)])
    it(`may not be ${JSON.stringify(name)}`, () =>
      assert.throws(() => checkRegionName(name), {
        message: `Provided region_name '${name}' doesn't match a supported format.`,
      }))
})

describe('the URL of an endpoint', () => {
  const longest = Array.from({ length: 4 }, () => 'x'.repeat(63)).join('.')
  for (const url of [
    'http://a',
    'HTTPS://A.example.:443/x?y#z',
    'http://user:pw@a-b.c',
    'x+y.z-1://a',
    'http://127.0.0.1:1',
    'http://[::1]:9/',
    'http://[fe80::1%25eth0]',
    `http://${longest}`,
  ])
    it(`has a host: ${url}`, () => {
      assert.equal(hasHost(url), true)
      checkEndpointUrl(url)
    })
  for (const url of [
    '',
    'a',
    'http:/a',
    'http://',
    'http:///a',
    'http://:1',
    'http://a_b',
    'http://-a',
    'http://a-',
    'http://a..b',
    'http://.a',
    'http://a\tb',
    'http://a\n',
    `http://${'x'.repeat(64)}`,
    `http://${longest}.xx`,
    'http://a b',
  ])
    it(`has none: ${JSON.stringify(url)}`, () => {
      assert.equal(hasHost(url), false)
      assert.throws(() => checkEndpointUrl(url), { message: `Invalid endpoint: ${url}` })
    })

  it('has brackets around an address alone', () => {
    for (const url of ['http://[::1', 'http://::1]', 'http://u@[::1/x]'])
      assert.throws(() => checkBrackets(url), { message: 'Invalid IPv6 URL' }, url)
    for (const [url, address] of [
      ['http://[a.example]', 'a.example'],
      ['http://[]', ''],
      ['http://[127.0.0.1]:9', '127.0.0.1'],
      ['http://[::g]', '::g'],
    ] as const)
      assert.throws(() => checkBrackets(url), {
        message: `'${address}' does not appear to be an IPv4 or IPv6 address`,
      })
    for (const url of [
      'http://[::ffff:1.2.3.4]',
      'http://a/[x',
      'http://a?[',
      'http://a#]',
      '[::1',
      'http://[1:]',
    ])
      checkBrackets(url)
  })
})
