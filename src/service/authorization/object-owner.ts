import type { Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { areAclsInForce } from './acls-in-force.ts'
import type { ObjectFacts } from './question.ts'

/**
 * The account that will own an object written by `principal`: the bucket's own, except where ACLs are in force and another account
 * writes without handing the object over (`bucket-owner-full-control` in a bucket that prefers its owner).
 */
export function objectOwnerAccountId(principal: Principal, bucket: BucketRecord, acl?: string): string {
  if (principal.type === 'anonymous' || !areAclsInForce(bucket)) return bucket.accountId
  const isHandedOver =
    bucket.objectOwnership === 'BucketOwnerPreferred' && acl === 'bucket-owner-full-control'
  return isHandedOver ? bucket.accountId : principal.accountId
}

/**
 * What access depends on of an object that `principal` is about to make: it is its writer's when it gets its ACL, and the tags that count are those
 * of the object that it replaces.
 */
export function newObjectFacts(
  principal: Principal,
  bucket: BucketRecord,
  replaced: ObjectFacts | null,
): ObjectFacts {
  return {
    ownerAccountId: objectOwnerAccountId(principal, bucket),
    isNew: true,
    ...(replaced?.tags && { tags: replaced.tags }),
  }
}
