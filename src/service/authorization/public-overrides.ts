import { DomainError } from '../errors/domain-error.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'

/**
 * Refuses an ACL for an object of a Lightsail bucket that would not have its effect: such an ACL can do one thing, make its object readable
 * for everyone, and only where the bucket's access rules let objects be public. Throws `AclWithoutEffect`. An ACL that was given while
 * they did stays with its object, and counts again when they do (docs/decisions/acls-in-lightsail-buckets.md).
 */
export function refuseAclWithoutEffect(bucket: BucketRecord, acl: AccessControlList): void {
  if (bucket.origin !== 'lightsail') return
  const { getObject, allowPublicOverrides } = bucket.accessRules
  for (const { grantee, permission } of acl.grants) {
    if (grantee.type === 'account' && isOwning(grantee.accountId, bucket, acl)) continue
    // WRITE means nothing on an object, in S3 either.
    const isPublicRead =
      grantee.type === 'group' &&
      grantee.group === 'AllUsers' &&
      (permission === 'READ' || permission === 'WRITE')
    if (!isPublicRead) throw new DomainError('AclWithoutEffect', { reason: 'not-public-read' })
    if (!allowPublicOverrides && getObject !== 'public')
      throw new DomainError('AclWithoutEffect', { reason: 'overrides-not-allowed' })
  }
}

function isOwning(accountId: string, bucket: BucketRecord, acl: AccessControlList): boolean {
  return accountId === bucket.accountId || accountId === acl.ownerAccountId
}
