import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  OTHER,
  OWNER,
  account,
  bucketKey,
  lightsailBucket,
  outcome,
  resource,
  withAcl,
} from '../../../test/authorization-world.ts'
import { S3_ACTIONS, isObjectAction, isUploadAction, type S3Action } from '../../model/s3/action.ts'
import { ANONYMOUS, type Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectFacts } from './question.ts'

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
