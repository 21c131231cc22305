import type { BucketRecord } from '../records/bucket.ts'

/** Whether the bucket's owner has all of each object in it, whoever wrote it and whatever an ACL says. */
export function enforcesOwner({ objectOwnership }: Pick<BucketRecord, 'objectOwnership'>): boolean {
  return objectOwnership === 'BucketOwnerEnforced'
}

/** Whether a bucket's and its objects' ACLs count as in S3: so in buckets made through S3, unless their owner enforces ownership. */
export function areAclsInForce(bucket: Pick<BucketRecord, 'origin' | 'objectOwnership'>): boolean {
  return bucket.origin === 's3' && !enforcesOwner(bucket)
}
