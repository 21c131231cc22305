import { DomainError } from '../errors/domain-error.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'
import { grantsToOthers, isPublicAcl } from './access-control-list.ts'
import { refuseAclWithoutEffect } from './public-overrides.ts'

/** Throws `AccessDenied` when the bucket blocks public ACLs and this is one. */
export function refuseBlockedAcl({ publicAccessBlock }: BucketRecord, acl: AccessControlList): void {
  if (publicAccessBlock?.blockPublicAcls === true && isPublicAcl(acl)) throw new DomainError('AccessDenied')
}

/**
 * Refuses an ACL that a new object cannot have in the bucket as it is at the commit. Throws `AclsNotInForce` where the owner enforces ownership and
 * the ACL gives something to others than the two owners, `AccessDenied` where public ACLs are blocked, and `AclWithoutEffect`.
 */
export function refuseNewObjectAcl(bucket: BucketRecord, acl: AccessControlList | undefined): void {
  if (!acl) return
  const grants = acl.grants.filter(
    ({ grantee }) => grantee.type === 'group' || grantee.accountId !== acl.ownerAccountId,
  )
  if (
    bucket.objectOwnership === 'BucketOwnerEnforced' &&
    grantsToOthers({ ...acl, grants }, bucket.accountId)
  )
    throw new DomainError('AclsNotInForce')
  refuseBlockedAcl(bucket, acl)
  refuseAclWithoutEffect(bucket, acl)
}

/** As {@link refuseNewObjectAcl}, for an ACL that an object is to have instead of its own: an enforced owner takes none at all. */
export function refuseOtherObjectAcl(bucket: BucketRecord, acl: AccessControlList): void {
  if (bucket.objectOwnership === 'BucketOwnerEnforced') throw new DomainError('AclsNotInForce')
  refuseBlockedAcl(bucket, acl)
  refuseAclWithoutEffect(bucket, acl)
}
