import type { Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { areAclsInForce } from './authorize.ts'

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
