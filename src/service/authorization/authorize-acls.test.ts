import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  OTHER,
  OWNER,
  account,
  blocking,
  bucketKey,
  lightsailBucket,
  outcome,
  s3Bucket,
  said,
  withAcl,
} from '../../../test/authorization-world.ts'
import { ANONYMOUS, type Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { cannedAcl, type CannedAcl } from './access-control-list.ts'
import type { ObjectFacts } from './question.ts'

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

describe('an object of another owner', () => {
  const bucket: BucketRecord = {
    ...s3Bucket,
    acl: cannedAcl('private', { ownerAccountId: OWNER, bucketOwnerAccountId: OWNER }),
  }

  it('who owns an object does with it what an ACL can allow; in a bucket of Lightsail it may not', () => {
    const own = { object: withAcl('private', OTHER) }
    assert.equal(said(account(OTHER), 's3:GetObject', bucket, own), 'allow')
    assert.equal(said(account(OTHER), 's3:PutObjectAcl', bucket, own), 'allow')
    assert.equal(said(account(OTHER), 's3:GetObjectTagging', bucket, own), 'not-granted')
    assert.equal(
      said({ ...bucketKey('id-9'), accountId: OTHER } as Principal, 's3:GetObject', bucket, own),
      'other-bucket',
    )
    const overridable = {
      ...lightsailBucket,
      accessRules: { getObject: 'private', allowPublicOverrides: true },
    } as const
    assert.equal(said(account(OTHER), 's3:GetObject', overridable, own), 'not-granted')
    assert.equal(said(account(OTHER), 's3:GetObject', bucket, { object: withAcl('private') }), 'not-granted')
  })

  it('an object’s ACL opens a bucket of Lightsail to everyone at most, and where public access is not restricted', () => {
    const overridable = {
      ...lightsailBucket,
      accessRules: { getObject: 'private', allowPublicOverrides: true },
    } as const
    const open = { object: withAcl('public-read') }
    for (const action of ['s3:GetObject', 's3:GetObjectVersion'] as const) {
      assert.equal(said(ANONYMOUS, action, overridable, open), 'allow')
      assert.equal(
        said(account(OTHER), action, overridable, { object: withAcl('authenticated-read') }),
        'not-granted',
      )
      assert.equal(
        said(ANONYMOUS, action, { ...overridable, ...blocking({ restrictPublicBuckets: true }) }, open),
        'anonymous',
      )
      assert.equal(
        said(ANONYMOUS, action, { ...overridable, ...blocking({ ignorePublicAcls: true }) }, open),
        'anonymous',
      )
    }
    assert.equal(said(ANONYMOUS, 's3:GetObjectAcl', overridable, open), 'anonymous')
    assert.equal(said(ANONYMOUS, 's3:GetObjectAttributes', overridable, open), 'anonymous')
  })
})
