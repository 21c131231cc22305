import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../../test/bucket-record.ts'
import { requestFacts } from '../../../../test/request-facts.ts'
import { ANONYMOUS, type Principal } from '../../principal.ts'
import type { AccessQuestion } from '../question.ts'
import type { RequestFacts } from '../request-facts.ts'
import { DecisionMemory } from './decision-memory.ts'
import { matchPolicy } from './evaluate.ts'
import { parsePolicy } from './parse.ts'
import type { Policy } from './policy.ts'

const bucket = bucketRecord({ name: 'mine' })
const account = (accountId: string, accessKeyId = 'AKIA0'): Principal => ({
  type: 'account',
  accountId,
  accessKeyId,
})
const facts = requestFacts({ sourceIp: '203.0.113.9', isSecure: true, now: 0 })
const tags = (...keys: string[]) => ({ requestTags: keys.map((key) => ({ key, value: '1' })) })

/** What the policy says as a whole: what it denies counts before what it allows. */
function evaluatePolicy(
  policy: Policy,
  question: AccessQuestion,
): 'deny' | 'needs-object' | 'allow' | 'none' {
  const denies = matchPolicy(policy, 'Deny', question, bucket)
  const allows = matchPolicy(policy, 'Allow', question, bucket)
  if (denies === 'yes') return 'deny'
  if (denies === 'unknown' || allows === 'unknown') return 'needs-object'
  return allows === 'yes' ? 'allow' : 'none'
}

function verdict(statement: object, request: Partial<RequestFacts> = {}, more: Partial<AccessQuestion> = {}) {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::mine/*',
      ...statement,
    },
  ]
  const question: AccessQuestion = {
    principal: ANONYMOUS,
    action: 's3:PutObject',
    bucket,
    objectKey: 'key',
    request: { ...facts, ...request },
    memory: new DecisionMemory(),
    ...more,
  }
  return evaluatePolicy(parsePolicy(JSON.stringify({ Statement }), 'mine'), question)
}

describe('a condition', () => {
  const keys = 's3:RequestObjectTagKeys'
  const table: readonly [operator: string, tags: readonly string[], holds: boolean][] = [
    ['ForAnyValue:StringEquals', [], false],
    ['ForAnyValue:StringEquals', ['a', 'p'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], false],
    ['ForAnyValue:StringNotEquals', [], false],
    ['ForAnyValue:StringNotEquals', ['p'], false],
    ['ForAnyValue:StringNotEquals', ['p', 'q'], true],
    ['ForAnyValue:StringNotLike', [], false],
    ['ForAnyValue:StringEqualsIfExists', [], true],
    ['ForAllValues:StringEquals', [], true],
    ['ForAllValues:StringEquals', ['p'], true],
    ['ForAllValues:StringEquals', ['p', 'q'], false],
    ['ForAllValues:StringNotEquals', [], true],
    ['ForAllValues:StringNotEquals', ['a', 'b'], true],
    ['ForAllValues:StringNotEquals', ['a', 'p'], false],
    ['StringEquals', [], false],
    ['StringEqualsIfExists', [], true],
    ['StringNotEquals', [], true],
    ['StringNotEquals', ['p'], false],
  ]
  for (const [operator, given, holds] of table)
    it(`${operator} of "p" ${holds ? 'holds' : 'fails'} for ${JSON.stringify(given)}`, () => {
      const request = given.length === 0 ? {} : tags(...given)
      const Condition = { [operator]: { [keys]: 'p' } }
      assert.equal(verdict({ Condition }, request), holds ? 'allow' : 'none')
      assert.equal(verdict({ Effect: 'Deny', Condition }, request), holds ? 'deny' : 'none')
    })

  it('without quantifier lets no value slip past a Deny, and opens nothing for one value of several', () => {
    for (const given of [tags('a', 'p'), tags('p', 'a')]) {
      assert.equal(verdict({ Effect: 'Deny', Condition: { StringEquals: { [keys]: 'p' } } }, given), 'deny')
      assert.equal(
        verdict({ Effect: 'Deny', Condition: { StringNotEquals: { [keys]: 'p' } } }, given),
        'deny',
      )
      assert.equal(verdict({ Condition: { StringEquals: { [keys]: 'p' } } }, given), 'none')
      assert.equal(verdict({ Condition: { StringNotEquals: { [keys]: 'p' } } }, given), 'none')
    }
  })

  it('of Null tells whether the key is there', () => {
    const condition = (value: string) => ({ Condition: { Null: { 'aws:Referer': value } } })
    const sent = { sender: { ...facts.sender, referer: 'https://a.test/' } }
    assert.equal(verdict(condition('true')), 'allow')
    assert.equal(verdict(condition('false')), 'none')
    assert.equal(verdict(condition('true'), sent), 'none')
    assert.equal(verdict(condition('false'), sent), 'allow')
  })

  it('on what no request here has fails, and its negation holds', () => {
    const request = (operator: string) => ({ Condition: { [operator]: { 'aws:SourceVpc': 'vpc-1' } } })
    assert.equal(verdict(request('StringEquals')), 'none')
    assert.equal(verdict({ Effect: 'Deny', ...request('StringNotEquals') }), 'deny')
  })

  it('is decided anew for another request, query, principal and tags', () => {
    const Statement = [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::mine',
        Condition: {
          IpAddress: { 'aws:SourceIp': '203.0.113.9' },
          StringEquals: { 's3:prefix': 'a', 'aws:PrincipalAccount': '111111111111', 'aws:Referer': 'r' },
          Null: { 's3:x-amz-acl': 'true' },
        },
      },
    ]
    const policy = parsePolicy(JSON.stringify({ Statement }), 'mine')
    const sender = { ...facts.sender, referer: 'r' }
    const right = { ...facts, sender, listing: { ...facts.listing, prefix: 'a' } }
    const memory = new DecisionMemory()
    // The memory tells requests and callers apart by what they are, not by what they say: the same caller asks each time.
    const owner = account('111111111111')
    const ask = (request: RequestFacts, principal = owner) =>
      evaluatePolicy(policy, { principal, action: 's3:ListBucket', bucket, request, memory })
    assert.equal(ask(right), 'allow')
    assert.equal(ask({ ...right, listing: { ...facts.listing, prefix: 'b' } }), 'none')
    assert.equal(ask({ ...right, sender: { ...sender, sourceIp: '203.0.113.8' } }), 'none')
    assert.equal(ask({ ...right, sender: facts.sender }), 'none')
    assert.equal(ask(right), 'allow')
    assert.equal(ask({ ...right, given: { cannedAcl: 'private' } }), 'none')
    assert.equal(ask(right, account('222222222222')), 'none')
    assert.equal(ask(right), 'allow')
  })
})

describe('a condition on If-None-Match', () => {
  it('sees only what lets nothing be replaced', () => {
    const isAbsent = (value: string) =>
      verdict({ Condition: { Null: { 's3:if-none-match': 'true' } } }, { ifNoneMatch: value })
    for (const value of ['*', ' * ']) assert.equal(isAbsent(value), 'none', value)
    for (const value of ['', '"abc"', '"abc", "def"']) assert.equal(isAbsent(value), 'allow', value)
  })
})

describe('a condition on If-Match', () => {
  const isAbsent = (request: Partial<RequestFacts>, action: AccessQuestion['action'] = 's3:PutObject') =>
    verdict({ Action: action, Condition: { Null: { 's3:if-match': 'true' } } }, request, { action })

  it('sees of a write only what names an object', () => {
    for (const value of ['*', ' * ', '"*"', 'W/"*"', '"abc", *', '"abc", "*"'])
      assert.equal(isAbsent({ ifMatch: value }), 'allow', value)
    for (const value of ['"abc"', 'abc', '"abc", "def"'])
      assert.equal(isAbsent({ ifMatch: value }), 'none', value)
  })

  it('sees of a deletion also that it is one of whatever is there', () => {
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion'] as const)
      for (const value of ['*', '"*"', '"abc"']) {
        assert.equal(isAbsent({ ifMatch: value }, action), 'none', value)
        const Condition = { StringEquals: { 's3:if-match': '*' } }
        const only = verdict({ Action: action, Condition }, { ifMatch: value }, { action })
        assert.equal(only, value.includes('*') ? 'allow' : 'none', value)
      }
  })
})

describe('a principal', () => {
  it('is the account that is named, and NotPrincipal all others', () => {
    const named = { Principal: { AWS: '111111111111' } }
    assert.equal(verdict(named, {}, { principal: account('111111111111') }), 'allow')
    assert.equal(verdict(named, {}, { principal: account('222222222222') }), 'none')
    assert.equal(verdict(named), 'none')
    const others = { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '111111111111' } }
    assert.equal(verdict(others, {}, { principal: account('111111111111') }), 'none')
    assert.equal(verdict(others, {}, { principal: account('222222222222') }), 'deny')
    assert.equal(verdict(others), 'deny')
  })

  it('that is the id of an access key, in a policy of before, is denied and never allowed', () => {
    const key = { Principal: { AWS: 'AKIA0EXAMPLE' } }
    const principal = account('111111111111', 'AKIA0EXAMPLE')
    assert.equal(verdict({ Effect: 'Deny', ...key }, {}, { principal }), 'deny')
    assert.equal(verdict(key, {}, { principal }), 'none')
    const others = { Effect: 'Deny', Principal: undefined, NotPrincipal: key.Principal }
    assert.equal(verdict(others, {}, { principal }), 'deny')
  })
})
