import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  OTHER,
  OWNER,
  account,
  outcome,
  withAcl,
  lightsailBucket,
} from '../../../test/authorization-world.ts'
import { ANONYMOUS } from '../principal.ts'
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
