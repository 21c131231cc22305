import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CONDITION_KEYS } from './condition-keys.ts'
import { parsePolicy } from './parse.ts'
import { isPublicPolicy } from './public-policy.ts'

const good = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::mine/*' }
const isPublic = (...statements: object[]) =>
  isPublicPolicy(
    parsePolicy(JSON.stringify({ Statement: statements.map((item) => ({ ...good, ...item })) }), 'mine'),
  )
const from = (...addresses: string[]) => ({ Condition: { IpAddress: { 'aws:SourceIp': addresses } } })
const when = (operator: string, key: string, ...values: string[]) => ({
  Condition: { [operator]: { [key]: values } },
})
const everySlash8 = Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`)

describe('isPublicPolicy', () => {
  const table: readonly [what: string, expected: boolean, ...statements: object[]][] = [
    ['everyone', true, {}],
    ['everyone in a list', true, { Principal: { AWS: ['111111111111', '*'] } }],
    ['a Deny of everyone', false, { Effect: 'Deny' }],
    [
      'a Deny of all but an account',
      false,
      { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '111111111111' } },
    ],
    ['named accounts', false, { Principal: { AWS: ['111111111111', 'arn:aws:iam::222222222222:root'] } }],
    [
      'a public statement beside others',
      true,
      { Principal: { AWS: '111111111111' } },
      {},
      from('10.0.0.0/8'),
    ],
    ['everything but an action', true, { Action: undefined, NotAction: 's3:PutObject' }],

    ['a narrow range', false, from('203.0.113.0/24')],
    ['the widest narrow range', false, from('11.0.0.0/8')],
    ['a range that is too wide', true, from('11.0.0.0/7')],
    ['half of all addresses', true, from('0.0.0.0/1')],
    ['all addresses', true, from('0.0.0.0/0')],
    ['all of IPv6', true, from('::/0')],
    ['a narrow range of IPv6', false, from('2001:db8::/32')],
    ['a wide range of IPv6', true, from('2001:db8::/31')],
    ['all of IPv4 as IPv6 writes it', true, from('::ffff:0:0/96')],
    ['all of IPv4 within a range of IPv6', true, from('::/64')],
    ['an address of IPv4 as IPv6 writes it', false, from('::ffff:203.0.113.9')],
    ['private networks', false, from('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16')],
    ['a narrow range beside a wide one', true, from('203.0.113.0/24', '128.0.0.0/2')],
    ['all 256 networks /8', true, from(...everySlash8)],
    ['every other network /8', true, from(...everySlash8.filter((_, at) => at % 2 === 0))],
    ['two neighbours that are a /7 together', true, from('12.0.0.0/8', '13.0.0.0/8')],
    ['some narrow ranges far apart', false, from('12.0.0.0/8', '52.0.0.0/10', '203.0.113.0/24')],
    ['halves in statements of their own', true, ...everySlash8.slice(1, 40).map((range) => from(range))],
    ['a fixed address as text', false, when('StringEquals', 'aws:SourceIp', '203.0.113.9')],
    ['addresses like a pattern', true, when('StringLike', 'aws:SourceIp', '*')],
    ['addresses like a long pattern', true, when('StringLike', 'aws:SourceIp', '203.0.113.?')],
    ['other addresses', true, when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')],
    ['addresses, if there are any', true, when('IpAddressIfExists', 'aws:SourceIp', '203.0.113.0/24')],
    ['all values of addresses', true, when('ForAllValues:IpAddress', 'aws:SourceIp', '203.0.113.0/24')],
    ['any value of addresses', false, when('ForAnyValue:IpAddress', 'aws:SourceIp', '203.0.113.0/24')],

    ['a fixed account', false, when('StringEquals', 'aws:PrincipalAccount', '111111111111')],
    [
      'an account like one without wildcards',
      false,
      when('StringLike', 'aws:PrincipalAccount', '111111111111'),
    ],
    ['accounts like a pattern', true, when('StringLike', 'aws:PrincipalAccount', '1111*')],
    ['a pattern among fixed accounts', true, when('StringLike', 'aws:PrincipalAccount', '111111111111', '?')],
    ['other accounts', true, when('StringNotEquals', 'aws:PrincipalAccount', '111111111111')],
    [
      'an account, if there is one',
      true,
      when('StringEqualsIfExists', 'aws:PrincipalAccount', '111111111111'),
    ],
    [
      'all values of an account',
      true,
      when('ForAllValues:StringEquals', 'aws:PrincipalAccount', '111111111111'),
    ],
    ['accounts above a number', true, when('NumericGreaterThan', 'aws:PrincipalAccount', '1')],
    ['any account at all', true, when('Null', 'aws:PrincipalAccount', 'false')],
    ['a fixed network', false, when('StringEquals', 'aws:SourceVpc', 'vpc-91237329')],
    ['a network like a pattern', true, when('StringLike', 'aws:SourceVpc', 'vpc-*')],
    ['a fixed organisation', false, when('StringEquals', 'aws:PrincipalOrgID', 'o-1')],
    ['a fixed ARN', false, when('ArnEquals', 'aws:SourceArn', 'arn:aws:sns:us-east-1:111111111111:a')],
    ['an ARN like a pattern', true, when('ArnEquals', 'aws:SourceArn', 'arn:aws:sns:*:111111111111:*')],
    ['a role of any session', true, when('StringLike', 'aws:userid', 'AROAEXAMPLEID:*')],
    ['a header, which anybody may send', true, when('StringEquals', 'aws:Referer', 'https://example.com/')],
    ['TLS', true, when('Bool', 'aws:SecureTransport', 'true')],
    [
      'an account from anywhere, and a range',
      false,
      {
        Condition: {
          ...when('StringNotEquals', 'aws:UserAgent', 'x').Condition,
          ...from('203.0.113.0/24').Condition,
        },
      },
    ],
  ]
  for (const [what, expected, ...statements] of table)
    it(`${expected ? 'is true' : 'is false'} for ${what}`, () => {
      assert.equal(isPublic(...statements), expected)
    })

  /** As S3 documents them under "the meaning of public". */
  const identifying = [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:userid',
    's3:DataAccessPointAccount',
    's3:DataAccessPointArn',
  ]
  for (const key of identifying)
    for (const operator of [
      'StringEquals',
      'StringEqualsIgnoreCase',
      'StringLike',
      'ArnEquals',
      'ArnLike',
      'ForAnyValue:StringEquals',
    ]) {
      it(`is false for one value of ${key} by ${operator}, and true for a pattern of it or all but it`, () => {
        assert.equal(isPublic(when(operator, key, 'arn:aws:iam::111111111111:root')), false)
        assert.equal(isPublic(when(operator, key, 'arn:aws:iam::*:root')), true)
        assert.equal(isPublic(when('StringNotEquals', key, 'arn:aws:iam::111111111111:root')), true)
      })
    }

  it('is true for one value of any other key', () => {
    const others = [...CONDITION_KEYS]
      .filter(([, { namesTag }]) => namesTag !== true)
      .map(([key]) => key)
      .filter((key) => key !== 'aws:sourceip' && !identifying.some((name) => name.toLowerCase() === key))
    assert.ok(others.length > 10)
    for (const key of others) assert.equal(isPublic(when('StringEquals', key, 'one')), true, key)
  })
})
