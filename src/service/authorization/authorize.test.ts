import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { requestFacts } from '../../../test/request-facts.ts'
import { ANONYMOUS } from '../principal.ts'
import type { Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { cannedAcl } from './access-control-list.ts'
import type { CannedAcl } from './access-control-list.ts'
import { S3_ACTIONS, isObjectAction, isUploadAction, type S3Action } from '../../model/s3/action.ts'
import { authorize } from './authorize.ts'
import { DecisionMemory } from './policy/decision-memory.ts'
import type { ObjectFacts } from './question.ts'
import type { RequestFacts, SenderFacts } from './request-facts.ts'

const OWNER = '111111111111'
const OTHER = '222222222222'

const lightsailBucket = bucketRecord({ bucketId: 'id-1', name: 'mine', accountId: OWNER })
const request = requestFacts({ sourceIp: '203.0.113.9', now: Date.UTC(2030, 0, 1) })
const account = (accountId: string): Principal => ({ type: 'account', accountId, accessKeyId: 'AKIA' })
const bucketKey = (bucketId: string): Principal => ({
  type: 'bucket-key',
  accountId: OWNER,
  accessKeyId: 'AKIA',
  bucketName: 'mine',
  bucketId,
})
const resource = (resourceName: string): Principal => ({
  type: 'resource',
  accountId: OWNER,
  accessKeyId: 'AKIA',
  resourceName,
  region: 'us-east-1',
})
const withAcl = (acl: CannedAcl, ownerAccountId = OWNER): ObjectFacts => ({
  ownerAccountId,
  acl: cannedAcl(acl, { ownerAccountId, bucketOwnerAccountId: OWNER }),
})

function outcome(
  principal: Principal,
  action: S3Action,
  bucket: BucketRecord | null,
  object?: ObjectFacts | null,
  facts: Partial<RequestFacts> = {},
): string {
  return authorize({
    principal,
    action,
    bucket,
    objectKey: 'a/b',
    ...(object !== undefined && { object }),
    request: { ...request, ...facts },
    memory: new DecisionMemory(),
  }).outcome
}

describe('anonymous reading of a Lightsail bucket', () => {
  const truth = [
    ['private', false, 'private', 'deny'],
    ['private', false, 'public-read', 'deny'],
    ['private', true, 'private', 'deny'],
    ['private', true, 'public-read', 'allow'],
    ['public', false, 'private', 'allow'],
    ['public', false, 'public-read', 'allow'],
    ['public', true, 'private', 'allow'],
    ['public', true, 'public-read', 'allow'],
  ] as const
  for (const [getObject, allowPublicOverrides, acl, expected] of truth) {
    const bucket = { ...lightsailBucket, accessRules: { getObject, allowPublicOverrides } }
    it(`with getObject ${getObject}, overrides ${allowPublicOverrides} and ACL ${acl}: ${expected}`, () => {
      assert.equal(outcome(ANONYMOUS, 's3:GetObject', bucket, withAcl(acl)), expected)
    })
    it(`never lists or writes with getObject ${getObject}, overrides ${allowPublicOverrides} and ACL ${acl}`, () => {
      assert.equal(outcome(ANONYMOUS, 's3:ListBucket', bucket), 'deny')
      assert.equal(outcome(ANONYMOUS, 's3:PutObject', bucket, withAcl(acl)), 'deny')
    })
  }

  it('asks for the object only where its ACL can matter', () => {
    const overridable = {
      ...lightsailBucket,
      accessRules: { getObject: 'private', allowPublicOverrides: true },
    } as const
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', overridable), 'needs-object')
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', lightsailBucket), 'deny')
  })

  it('does not tell whether an object exists', () => {
    const bucket = {
      ...lightsailBucket,
      accessRules: { getObject: 'public', allowPublicOverrides: false },
    } as const
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', bucket, null), 'deny')
  })
})

describe('keys, resources and accounts', () => {
  const attached = { ...lightsailBucket, receivers: [{ name: 'web', resourceType: 'Instance' }] }
  const readable = { ...lightsailBucket, readonlyAccessAccounts: [OTHER] }
  const table: readonly [string, Principal, S3Action, BucketRecord | null, string][] = [
    ['a bucket key writes in its bucket', bucketKey('id-1'), 's3:PutObject', lightsailBucket, 'allow'],
    ['a bucket key lists its bucket', bucketKey('id-1'), 's3:ListBucket', lightsailBucket, 'allow'],
    ['a bucket key lists buckets', bucketKey('id-1'), 's3:ListAllMyBuckets', null, 'allow'],
    ['a bucket key makes no bucket', bucketKey('id-1'), 's3:CreateBucket', null, 'deny'],
    ['a bucket key deletes no bucket', bucketKey('id-1'), 's3:DeleteBucket', lightsailBucket, 'deny'],
    ['a bucket key reads CORS rules', bucketKey('id-1'), 's3:GetBucketCORS', lightsailBucket, 'allow'],
    ['a bucket key writes object ACLs', bucketKey('id-1'), 's3:PutObjectAcl', lightsailBucket, 'allow'],
    ['an attached resource writes no policy', resource('web'), 's3:PutBucketPolicy', attached, 'deny'],
    ['a key of an earlier bucket of the name', bucketKey('id-0'), 's3:GetObject', lightsailBucket, 'deny'],
    ['an attached resource writes', resource('web'), 's3:PutObject', attached, 'allow'],
    ['an attached resource deletes no bucket', resource('web'), 's3:DeleteBucket', attached, 'deny'],
    ['another resource', resource('db'), 's3:GetObject', attached, 'deny'],
    ['the owner deletes its bucket', account(OWNER), 's3:DeleteBucket', lightsailBucket, 'allow'],
    ['another account', account(OTHER), 's3:GetObject', lightsailBucket, 'deny'],
    ['a read-only account reads', account(OTHER), 's3:GetObject', readable, 'allow'],
    ['a read-only account lists', account(OTHER), 's3:ListBucket', readable, 'allow'],
    ['a read-only account writes nothing', account(OTHER), 's3:PutObject', readable, 'deny'],
    ['nobody makes a bucket unsigned', ANONYMOUS, 's3:CreateBucket', null, 'deny'],
  ]
  for (const [what, principal, action, bucket, expected] of table) {
    it(`${what}: ${expected}`, () => assert.equal(outcome(principal, action, bucket), expected))
  }
})

describe('who began an upload in the bucket of others', () => {
  const begun: ObjectFacts = { ...withAcl('private'), initiatorAccountId: OTHER }
  const strangers: readonly Principal[] = [
    account('333333333333'),
    ANONYMOUS,
    { type: 'bucket-key', accountId: OTHER, accessKeyId: 'AKIA', bucketName: 'other', bucketId: 'id-9' },
    { type: 'resource', accountId: OTHER, accessKeyId: 'AKIA', resourceName: 'app', region: 'us-east-1' },
  ]

  for (const action of S3_ACTIONS) {
    const isItsOwn = isUploadAction(action)
    it(`may ${isItsOwn ? '' : 'not '}do ${action}, and nobody else may`, () => {
      assert.equal(outcome(account(OTHER), action, lightsailBucket, begun), isItsOwn ? 'allow' : 'deny')
      for (const stranger of strangers)
        assert.equal(outcome(stranger, action, lightsailBucket, begun), 'deny', stranger.type)
      for (const object of [{ ...begun, initiatorAccountId: OWNER }, withAcl('private'), null])
        assert.equal(outcome(account(OTHER), action, lightsailBucket, object), 'deny')
    })
  }

  it('is asked about as long as it is not known, and only where it matters', () => {
    for (const action of S3_ACTIONS.filter(isUploadAction)) {
      assert.equal(outcome(account(OTHER), action, lightsailBucket), 'needs-object')
      assert.equal(outcome(ANONYMOUS, action, lightsailBucket), 'deny')
    }
    assert.equal(outcome(account(OTHER), 's3:ListBucketMultipartUploads', lightsailBucket), 'deny')
  })
})

describe('a bucket key', () => {
  const settingActions = S3_ACTIONS.filter(
    (action) => /^s3:(?:Put|Delete)/.test(action) && !isObjectAction(action),
  )

  const applications: readonly S3Action[] = [
    's3:PutBucketCORS',
    's3:PutBucketTagging',
    's3:PutBucketVersioning',
    's3:PutEncryptionConfiguration',
    's3:PutLifecycleConfiguration',
  ]

  it('sets what applications set up, and nothing that opens its bucket or locks its account out', () => {
    assert.ok(settingActions.length >= 17)
    const allowed = settingActions.filter(
      (action) => outcome(bucketKey('id-1'), action, lightsailBucket) !== 'deny',
    )
    assert.deepEqual(allowed, applications)
  })

  it('sets nothing that a policy denies its account', () => {
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:Put*', Resource: 'arn:aws:s3:::mine' }]
    const bucket = { ...lightsailBucket, policy: JSON.stringify({ Version: '2012-10-17', Statement }) }
    for (const action of applications) assert.equal(outcome(bucketKey('id-1'), action, bucket), 'deny')
  })

  it('does not lift governance retention, and does all else that concerns objects', () => {
    const denied = S3_ACTIONS.filter(
      (action) => isObjectAction(action) && outcome(bucketKey('id-1'), action, lightsailBucket) !== 'allow',
    )
    assert.deepEqual(denied, ['s3:BypassGovernanceRetention'])
  })

  it('changes no other setting when a policy allows it to everyone', () => {
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::mine' }]
    const bucket = { ...lightsailBucket, policy: JSON.stringify({ Version: '2012-10-17', Statement }) }
    for (const action of settingActions)
      if (!applications.includes(action)) assert.equal(outcome(bucketKey('id-1'), action, bucket), 'deny')
  })
})

describe('ACLs of a bucket made through S3', () => {
  const s3Bucket = (acl: CannedAcl, more: Partial<BucketRecord> = {}): BucketRecord => ({
    ...lightsailBucket,
    origin: 's3',
    acl: cannedAcl(acl, { ownerAccountId: OWNER, bucketOwnerAccountId: OWNER }),
    ...more,
  })

  it('public-read lets everyone list, and learn that an object is missing', () => {
    assert.equal(outcome(ANONYMOUS, 's3:ListBucket', s3Bucket('public-read')), 'allow')
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', s3Bucket('public-read'), null), 'allow')
    assert.equal(outcome(ANONYMOUS, 's3:GetObject', s3Bucket('public-read'), withAcl('private')), 'deny')
  })

  it('authenticated-read needs a signature', () => {
    assert.equal(outcome(ANONYMOUS, 's3:ListBucket', s3Bucket('authenticated-read')), 'deny')
    assert.equal(outcome(account(OTHER), 's3:ListBucket', s3Bucket('authenticated-read')), 'allow')
  })

  it('lets who may write by a bucket’s ACL give the new object an ACL and tags, and no lock; others’ objects stay as they are', () => {
    const bucket = s3Bucket('public-read-write')
    const made: ObjectFacts = { ownerAccountId: OWNER, isNew: true }
    for (const principal of [ANONYMOUS, account(OTHER)]) {
      for (const action of ['s3:PutObjectAcl', 's3:PutObjectTagging'] as const) {
        assert.equal(outcome(principal, action, bucket), 'needs-object')
        assert.equal(outcome(principal, action, bucket, made), 'allow')
        assert.equal(outcome(principal, action, bucket, withAcl('private')), 'deny')
        assert.equal(outcome(principal, action, s3Bucket('public-read'), made), 'deny')
      }
      assert.equal(outcome(principal, 's3:PutObjectRetention', bucket, made), 'deny')
      assert.equal(outcome(principal, 's3:PutObjectLegalHold', bucket, made), 'deny')
    }
  })

  it("gives the owner of the bucket another account's object only as its ACL says", () => {
    const bucket = s3Bucket('public-read-write')
    for (const principal of [ANONYMOUS, account(OTHER)]) {
      assert.equal(outcome(principal, 's3:DeleteObject', bucket), 'allow')
      assert.equal(outcome(principal, 's3:DeleteObjectVersion', bucket), 'deny')
    }
    assert.equal(outcome(account(OWNER), 's3:GetObject', bucket, withAcl('private', OTHER)), 'deny')
    assert.equal(
      outcome(account(OWNER), 's3:GetObject', bucket, withAcl('bucket-owner-read', OTHER)),
      'allow',
    )
    assert.equal(outcome(account(OWNER), 's3:DeleteObject', bucket, withAcl('private', OTHER)), 'allow')
  })

  it('count for nothing when the owner enforces ownership or ignores public ACLs', () => {
    const enforced = s3Bucket('public-read', { objectOwnership: 'BucketOwnerEnforced' })
    assert.equal(outcome(ANONYMOUS, 's3:ListBucket', enforced), 'deny')
    const publicAccessBlock = {
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: false,
      restrictPublicBuckets: false,
    }
    const blocked = s3Bucket('public-read', { publicAccessBlock })
    assert.equal(outcome(ANONYMOUS, 's3:ListBucket', blocked), 'deny')
    const facts = { givesPublicAcl: true }
    assert.equal(outcome(account(OWNER), 's3:PutObjectAcl', blocked, withAcl('private'), facts), 'deny')
  })
})

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
