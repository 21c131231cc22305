import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'
import { grantsToOthers, isPublicAcl, type CannedAcl } from './access-control-list.ts'
import { areAclsInForce, enforcesOwner } from './acls-in-force.ts'
import { refuseAclWithoutEffect } from './public-overrides.ts'

/** What an enforced owner has of every object anyway. */
const OWNERS_ACL: CannedAcl = 'bucket-owner-full-control'

/** An ACL as a request words it: by its name, by grants, or not at all. */
interface WordedAcl {
  readonly name: CannedAcl | undefined
  readonly hasGrants: boolean
}

/** Refuses words for a new object's ACL, whatever they come to. Throws `AclsNotInForce` where the owner enforces ownership, save for what it has anyway. */
export function refuseWordedAcl(bucket: BucketRecord, { name = OWNERS_ACL, hasGrants }: WordedAcl): void {
  if (enforcesOwner(bucket) && (hasGrants || name !== OWNERS_ACL)) throw new DomainError('AclsNotInForce')
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
  if (enforcesOwner(bucket) && grantsToOthers({ ...acl, grants }, bucket.accountId))
    throw new DomainError('AclsNotInForce')
  refuseBlockedAcl(bucket, acl)
  refuseAclWithoutEffect(bucket, acl)
}

/** As {@link refuseNewObjectAcl}, for an ACL that an object is to have instead of its own: an enforced owner takes none at all. */
export function refuseOtherObjectAcl(bucket: BucketRecord, acl: AccessControlList): void {
  if (enforcesOwner(bucket)) throw new DomainError('AclsNotInForce')
  refuseBlockedAcl(bucket, acl)
  refuseAclWithoutEffect(bucket, acl)
}

/** Refuses an ACL for the bucket itself. Throws `AclsNotInForce` where ACLs do not count, and `AccessDenied` where public ones are blocked. */
export function refuseBucketAcl(bucket: BucketRecord, acl: AccessControlList): void {
  if (!areAclsInForce(bucket)) throw new DomainError('AclsNotInForce')
  refuseBlockedAcl(bucket, acl)
}

/** Throws `AccessDenied` when the bucket blocks public ACLs and this is one. */
function refuseBlockedAcl({ publicAccessBlock }: BucketRecord, acl: AccessControlList): void {
  if (publicAccessBlock?.blockPublicAcls === true && isPublicAcl(acl)) throw new DomainError('AccessDenied')
}

/** An ACL cannot give its bucket or object away: throws `AccessDenied` where it names another owner than there is. */
export async function checkAclOwner(
  { accountOwners }: Pick<ServiceContext, 'accountOwners'>,
  ownerAccountId: string,
  named: string,
): Promise<void> {
  if (named !== (await accountOwners.canonicalIdOf(ownerAccountId))) throw new DomainError('AccessDenied')
}
