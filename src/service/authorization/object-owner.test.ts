import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import type { Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { newObjectFacts, objectOwnerAccountId } from './object-owner.ts'

const OWNER = '123456789012'
const WRITER = '210987654321'
const writer: Principal = { type: 'account', accountId: WRITER, accessKeyId: 'AKIAWRITER' }
const anonymous: Principal = { type: 'anonymous' }

describe('the owner of an object that another account writes', () => {
  const OWNERS: readonly (readonly [
    title: string,
    bucket: Partial<BucketRecord>,
    acl: string | undefined,
    ownerAccountId: string,
  ])[] = [
    ['in a bucket of Lightsail', { origin: 'lightsail' }, undefined, OWNER],
    [
      'where the owner enforces ownership',
      { origin: 's3', objectOwnership: 'BucketOwnerEnforced' },
      undefined,
      OWNER,
    ],
    ['where the writer owns', { origin: 's3', objectOwnership: 'ObjectWriter' }, undefined, WRITER],
    [
      'where the writer owns',
      { origin: 's3', objectOwnership: 'ObjectWriter' },
      'bucket-owner-full-control',
      WRITER,
    ],
    ['where nothing is said of ownership', { origin: 's3' }, undefined, WRITER],
    [
      'where the owner is preferred',
      { origin: 's3', objectOwnership: 'BucketOwnerPreferred' },
      undefined,
      WRITER,
    ],
    [
      'where the owner is preferred',
      { origin: 's3', objectOwnership: 'BucketOwnerPreferred' },
      'public-read',
      WRITER,
    ],
    [
      'where the owner is preferred',
      { origin: 's3', objectOwnership: 'BucketOwnerPreferred' },
      'bucket-owner-read',
      WRITER,
    ],
    [
      'where the owner is preferred',
      { origin: 's3', objectOwnership: 'BucketOwnerPreferred' },
      'bucket-owner-full-control',
      OWNER,
    ],
  ]
  for (const [title, bucket, acl, expected] of OWNERS)
    it(`${title}, with ${acl ?? 'no ACL'}, is the ${expected === OWNER ? 'bucket’s owner' : 'writer'}`, () => {
      assert.equal(objectOwnerAccountId(writer, bucketRecord({ ...bucket, accountId: OWNER }), acl), expected)
    })

  it('is the bucket’s owner when nobody signed', () => {
    for (const objectOwnership of ['ObjectWriter', 'BucketOwnerPreferred', 'BucketOwnerEnforced'] as const)
      assert.equal(
        objectOwnerAccountId(anonymous, bucketRecord({ origin: 's3', objectOwnership, accountId: OWNER })),
        OWNER,
      )
  })
})

describe('what access depends on of a new object', () => {
  const bucket = bucketRecord({ origin: 's3', objectOwnership: 'ObjectWriter' })

  it('is its writer, and the tags of the object that it replaces', () => {
    const tags = [{ key: 'team', value: 'red' }]
    assert.deepEqual(newObjectFacts(writer, bucket, { ownerAccountId: OWNER, tags }), {
      ownerAccountId: WRITER,
      isNew: true,
      tags,
    })
  })

  it('is no tag where nothing is replaced, or what has none', () => {
    const facts = { ownerAccountId: WRITER, isNew: true }
    assert.deepEqual(newObjectFacts(writer, bucket, null), facts)
    assert.deepEqual(newObjectFacts(writer, bucket, { ownerAccountId: OWNER }), facts)
  })
})
