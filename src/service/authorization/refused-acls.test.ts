import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import { isDomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { cannedAcl, type CannedAcl } from './access-control-list.ts'
import {
  checkAclOwner,
  refuseBucketAcl,
  refuseNewObjectAcl,
  refuseOtherObjectAcl,
  refuseWordedAcl,
} from './refused-acls.ts'

const OWNER = '123456789012'
const WRITER = '210987654321'

const bucketOf = (changes: Partial<BucketRecord>): BucketRecord =>
  bucketRecord({ accountId: OWNER, origin: 's3', objectOwnership: 'ObjectWriter', ...changes })

const BLOCKING = {
  publicAccessBlock: {
    blockPublicAcls: true,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
  },
}
const BLOCKING_ALL_ELSE = {
  publicAccessBlock: {
    blockPublicAcls: false,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  },
}
const ENFORCED = { objectOwnership: 'BucketOwnerEnforced' } as const

const PUBLIC: readonly CannedAcl[] = ['public-read', 'public-read-write', 'authenticated-read']
const NOT_PUBLIC: readonly CannedAcl[] = [
  'private',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
  'log-delivery-write',
]

/** The kind of the refusal; null when there is none. */
function refusal(run: () => void): string | null {
  try {
    run()
    return null
  } catch (error) {
    assert.ok(isDomainError(error))
    return error.kind
  }
}

const aclOf = (name: CannedAcl) => cannedAcl(name, { ownerAccountId: WRITER, bucketOwnerAccountId: OWNER })

describe('a canned ACL', () => {
  for (const name of [...PUBLIC, ...NOT_PUBLIC]) {
    const isPublic = PUBLIC.includes(name)
    it(`${name} is ${isPublic ? 'refused' : 'taken'} where public ACLs are blocked`, () => {
      const expected = isPublic ? 'AccessDenied' : null
      assert.equal(
        refusal(() => refuseBucketAcl(bucketOf(BLOCKING), aclOf(name))),
        expected,
      )
      assert.equal(
        refusal(() => refuseNewObjectAcl(bucketOf(BLOCKING), aclOf(name))),
        expected,
      )
      assert.equal(
        refusal(() => refuseOtherObjectAcl(bucketOf(BLOCKING), aclOf(name))),
        expected,
      )
    })

    it(`${name} is taken where only other things are blocked, or nothing`, () => {
      for (const bucket of [bucketOf(BLOCKING_ALL_ELSE), bucketOf({})]) {
        assert.equal(
          refusal(() => refuseBucketAcl(bucket, aclOf(name))),
          null,
        )
        assert.equal(
          refusal(() => refuseNewObjectAcl(bucket, aclOf(name))),
          null,
        )
        assert.equal(
          refusal(() => refuseOtherObjectAcl(bucket, aclOf(name))),
          null,
        )
      }
    })

    it(`${name} is none for another ACL of an object whose bucket's owner is enforced`, () => {
      const run = () => refuseOtherObjectAcl(bucketOf(ENFORCED), aclOf(name))
      assert.equal(refusal(run), 'AclsNotInForce')
    })
  }

  it('of a new object may give something to the two owners alone where the bucket’s owner is enforced', () => {
    for (const name of ['private', 'bucket-owner-read', 'bucket-owner-full-control'] as const)
      assert.equal(
        refusal(() => refuseNewObjectAcl(bucketOf(ENFORCED), aclOf(name))),
        null,
        name,
      )
    for (const name of [...PUBLIC, 'log-delivery-write'] as const)
      assert.equal(
        refusal(() => refuseNewObjectAcl(bucketOf(ENFORCED), aclOf(name))),
        'AclsNotInForce',
        name,
      )
  })

  it('is taken by its name for a new object, where the bucket’s owner is enforced, if it asks for what that one has anyway', () => {
    const worded = (name: CannedAcl | undefined, changes: Partial<BucketRecord>, hasGrants = false) =>
      refusal(() => refuseWordedAcl(bucketOf(changes), { name, hasGrants }))
    for (const name of [undefined, 'bucket-owner-full-control'] as const) {
      assert.equal(worded(name, ENFORCED), null, name)
      assert.equal(worded(name, ENFORCED, true), 'AclsNotInForce', name)
      assert.equal(worded(name, {}, true), null, name)
    }
    for (const name of [...PUBLIC, ...NOT_PUBLIC.filter((other) => other !== 'bucket-owner-full-control')]) {
      assert.equal(worded(name, ENFORCED), 'AclsNotInForce', name)
      assert.equal(worded(name, {}), null, name)
    }
  })

  it('is none for a bucket whose owner is enforced, or that Lightsail made', () => {
    for (const changes of [ENFORCED, { origin: 'lightsail' }] as const)
      for (const name of [...PUBLIC, ...NOT_PUBLIC])
        assert.equal(
          refusal(() => refuseBucketAcl(bucketOf(changes), aclOf(name))),
          'AclsNotInForce',
          name,
        )
  })

  it('that is not given is never refused', () => {
    assert.equal(
      refusal(() => refuseNewObjectAcl(bucketOf({ ...BLOCKING, ...ENFORCED }), undefined)),
      null,
    )
  })

  it('that names another owner gives its object away', async () => {
    const context = memoryContext()
    const { account } = await createAccount(context, 'owner')
    await checkAclOwner(context, account.accountId, account.canonicalUserId)
    // Of an account that is gone its id is what is shown.
    await checkAclOwner(context, WRITER, WRITER)
    for (const named of [account.accountId, 'f'.repeat(64)])
      await assert.rejects(checkAclOwner(context, account.accountId, named), { kind: 'AccessDenied' })
  })
})
