import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  OTHER,
  OWNER,
  account,
  bucketKey,
  outcome,
  request,
  lightsailBucket,
} from '../../../test/authorization-world.ts'
import { ANONYMOUS, type Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { authorize } from './authorize.ts'
import { DecisionMemory } from './policy/decision-memory.ts'
import type { RequestFacts, SenderFacts } from './request-facts.ts'

describe('bucket policies', () => {
  const withPolicy = (...statements: object[]): BucketRecord => ({
    ...lightsailBucket,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  })
  const everyone = { Principal: '*', Resource: 'arn:aws:s3:::mine/*' }

  it('allow what they name, and nothing else', () => {
    const bucket = withPolicy({ ...everyone, Effect: 'Allow', Action: 's3:Get*' })
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', bucket), 'allow')
    assert.equal(outcome(ANONYMOUS, 's3:PutObject', bucket), 'deny')
  })

  it('that let somebody list a prefix let him learn which keys under it are missing', () => {
    const listing = (prefix: string) => ({
      Principal: '*',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::mine',
      Condition: { StringLike: { 's3:prefix': prefix } },
    })
    assert.equal(outcome(account(OTHER), 's3:GetObject', withPolicy(listing('a/*')), null), 'allow')
    assert.equal(outcome(account(OTHER), 's3:GetObject', withPolicy(listing('c/*')), null), 'deny')
  })

  it('deny with the last word, also to the owner and its keys', () => {
    const bucket = withPolicy({ ...everyone, Effect: 'Deny', Action: 's3:PutObject' })
    assert.equal(outcome(account(OWNER), 's3:PutObject', bucket), 'deny')
    assert.equal(outcome(bucketKey('id-1'), 's3:PutObject', bucket), 'deny')
    assert.equal(outcome(bucketKey('id-1'), 's3:GetObject', bucket), 'allow')
  })

  it('may cost one request so much in patterns: then it is refused, whatever they say, and the next one is asked anew', () => {
    const costly = (effect: 'Allow' | 'Deny') => {
      const statement = {
        Effect: effect,
        Principal: '*',
        Action: 's3:DeleteObject',
        Resource: Array.from({ length: 400 }, (_, n) => `arn:aws:s3:::mine/*kk${n}z*`),
      }
      return { ...lightsailBucket, policy: JSON.stringify({ Statement: [statement] }) }
    }
    const granted = (principal: Principal, bucket: BucketRecord, memory: DecisionMemory, keys: number) =>
      Array.from({ length: keys }, (_, n) =>
        authorize({
          principal,
          action: 's3:DeleteObject',
          bucket,
          objectKey: `${'k'.repeat(900)}${principal.type === 'anonymous' ? '399z' : 'x'}-${n}`,
          request,
          memory,
        }),
      )
    for (const [principal, bucket] of [
      [account(OWNER), costly('Deny')],
      [ANONYMOUS, costly('Allow')],
    ] as const) {
      const decisions = granted(principal, bucket, new DecisionMemory(), 100)
      const allowed = decisions.findIndex(({ outcome }) => outcome !== 'allow')
      assert.ok(allowed > 0)
      for (const decision of decisions.slice(allowed))
        assert.deepEqual(decision, { outcome: 'deny', reason: 'too-much-matching' })
      assert.equal(granted(principal, bucket, new DecisionMemory(), 1)[0]?.outcome, 'allow')
    }
    // Who needs no grant, or has none whatever is denied, is not held against patterns that change nothing.
    for (const [principal, bucket, expected] of [
      [account(OWNER), costly('Allow'), { outcome: 'allow' }],
      [ANONYMOUS, costly('Deny'), { outcome: 'deny', reason: 'anonymous' }],
    ] as const)
      for (const decision of granted(principal, bucket, new DecisionMemory(), 100))
        assert.deepEqual(decision, expected)
  })

  it('are no costlier for many folders and many keys than a request may be', () => {
    const Resource = Array.from({ length: 600 }, (_, n) => `arn:aws:s3:::mine/folder-${n}/*`)
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource }]
    const bucket = { ...lightsailBucket, policy: JSON.stringify({ Statement }) }
    const memory = new DecisionMemory()
    for (let n = 0; n < 1_000; n++) {
      const facts = { ...request }
      const ask = (objectKey: string) =>
        authorize({
          principal: account(OWNER),
          action: 's3:DeleteObject',
          bucket,
          objectKey,
          request: facts,
          memory,
        })
      assert.deepEqual(ask(`folder-${n}/${'k'.repeat(900)}`).outcome, n < 600 ? 'deny' : 'allow')
    }
  })

  it('never lock the owner out of the policy itself', () => {
    const bucket = withPolicy({
      Principal: '*',
      Effect: 'Deny',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::mine',
    })
    assert.equal(outcome(account(OWNER), 's3:DeleteBucketPolicy', bucket), 'allow')
    assert.equal(outcome(account(OWNER), 's3:ListBucket', bucket), 'deny')
  })

  it('look at the tags of the object, once it was read', () => {
    const Condition = { StringEquals: { 's3:ExistingObjectTag/team': 'a' } }
    const bucket = withPolicy({ ...everyone, Effect: 'Allow', Action: 's3:GetObject', Condition })
    const tagged = (value: string) => ({ ownerAccountId: OWNER, tags: [{ key: 'team', value }] })
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', bucket), 'needs-object')
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', bucket, tagged('a')), 'allow')
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', bucket, tagged('b')), 'deny')
  })

  const from = (more: Partial<SenderFacts>) => ({ sender: { ...request.sender, ...more } })
  const conditions: readonly [string, object, Partial<RequestFacts>, string][] = [
    ['an address in range', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, {}, 'allow'],
    ['an address out of range', { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, {}, 'deny'],
    ['TLS where there is none', { Bool: { 'aws:SecureTransport': 'true' } }, {}, 'deny'],
    ['a missing header', { StringEquals: { 's3:x-amz-acl': 'private' } }, {}, 'deny'],
    ['a missing header, if it exists', { StringEqualsIfExists: { 's3:x-amz-acl': 'private' } }, {}, 'allow'],
    ['a header that must be absent', { Null: { 's3:x-amz-acl': true } }, {}, 'allow'],
    [
      'a header like a pattern',
      { StringLike: { 'aws:Referer': '*.test/*' } },
      from({ referer: 'http://a.test/x' }),
      'allow',
    ],
    [
      'a header that is not equal',
      { StringNotEquals: { 'aws:UserAgent': 'bad' } },
      from({ userAgent: 'bad' }),
      'deny',
    ],
    ['a date that is past', { DateLessThan: { 'aws:CurrentTime': '2029-01-01T00:00:00Z' } }, {}, 'deny'],
  ]
  for (const [what, Condition, facts, expected] of conditions) {
    it(`with a condition on ${what}: ${expected}`, () => {
      const bucket = withPolicy({ ...everyone, Effect: 'Allow', Action: 's3:GetObject', Condition })
      assert.equal(outcome(ANONYMOUS, 's3:GetObject', bucket, undefined, facts), expected)
    })
  }
})
