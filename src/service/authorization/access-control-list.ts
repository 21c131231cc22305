import { BucketCannedAcl, ObjectCannedAcl } from '../../model/s3/shapes/acl.ts'
import type { ValueOf } from '../../model/shape.ts'
import type { Principal } from '../principal.ts'
import type { AccessControlList, AclPermission, Grantee } from '../records/bucket.ts'
import type { S3Action } from '../../model/s3/action.ts'

/** The ready-made ACLs that a request may name for a bucket or an object. */
export type CannedAcl = ValueOf<typeof BucketCannedAcl> | ValueOf<typeof ObjectCannedAcl>

type Grant = AccessControlList['grants'][number]

/** What a ready-made ACL grants: the owner everything, and others what its name says. */
export function cannedAcl(
  name: CannedAcl,
  owners: { readonly ownerAccountId: string; readonly bucketOwnerAccountId: string },
): AccessControlList {
  const { ownerAccountId, bucketOwnerAccountId } = owners
  const grants: Grant[] = [
    { grantee: { type: 'account', accountId: ownerAccountId }, permission: 'FULL_CONTROL' },
    ...cannedGrants(name, bucketOwnerAccountId),
  ]
  const hasOwnGrant = ownerAccountId === bucketOwnerAccountId && name.startsWith('bucket-owner-')
  return { ownerAccountId, grants: hasOwnGrant ? grants.slice(0, 1) : grants }
}

function cannedGrants(name: CannedAcl, bucketOwnerAccountId: string): Grant[] {
  const toGroup = (
    group: 'AllUsers' | 'AuthenticatedUsers' | 'LogDelivery',
    permission: AclPermission,
  ): Grant => ({
    grantee: { type: 'group', group },
    permission,
  })
  const toBucketOwner = (permission: AclPermission): Grant => ({
    grantee: { type: 'account', accountId: bucketOwnerAccountId },
    permission,
  })
  switch (name) {
    // aws-exec-read gives EC2 read access to a machine image; there is no such reader here, so nobody gains anything.
    case 'private':
    case 'aws-exec-read':
      return []
    case 'public-read':
      return [toGroup('AllUsers', 'READ')]
    case 'public-read-write':
      return [toGroup('AllUsers', 'READ'), toGroup('AllUsers', 'WRITE')]
    case 'authenticated-read':
      return [toGroup('AuthenticatedUsers', 'READ')]
    case 'bucket-owner-read':
      return [toBucketOwner('READ')]
    case 'bucket-owner-full-control':
      return [toBucketOwner('FULL_CONTROL')]
    case 'log-delivery-write':
      return [toGroup('LogDelivery', 'WRITE'), toGroup('LogDelivery', 'READ_ACP')]
  }
}

/** Whether the ACL grants anything to everyone, or to everyone with an account: what S3 calls a public ACL. */
export function isPublicAcl(acl: AccessControlList): boolean {
  return acl.grants.some(({ grantee }) => isPublicGroup(grantee))
}

const PUBLIC_CANNED_ACLS: ReadonlySet<string> = new Set(
  [BucketCannedAcl, ObjectCannedAcl]
    .flatMap<CannedAcl>(({ values = [] }) => values)
    .filter((name) => isPublicAcl(cannedAcl(name, { ownerAccountId: '', bucketOwnerAccountId: '' }))),
)

/** Whether a ready-made ACL is public, as {@link isPublicAcl} has it; a name that is none of them is not. */
export const isPublicCannedAcl = (name: string): boolean => PUBLIC_CANNED_ACLS.has(name)

/** Whether the ACL grants anything to anybody but this account. */
export function grantsToOthers(acl: AccessControlList | undefined, accountId: string): boolean {
  return (acl?.grants ?? []).some(
    ({ grantee }) => grantee.type === 'group' || grantee.accountId !== accountId,
  )
}

/** Whether the ACL gives `principal` the permission. `ignoresPublic`: grants to public groups count for nothing. */
export function aclGrants(
  acl: AccessControlList | undefined,
  principal: Principal,
  permission: AclPermission,
  ignoresPublic: boolean,
): boolean {
  if (!acl) return false
  return acl.grants.some(
    (grant) =>
      (grant.permission === permission || grant.permission === 'FULL_CONTROL') &&
      !(ignoresPublic && isPublicGroup(grant.grantee)) &&
      isGrantee(grant.grantee, principal),
  )
}

/** Whether a grantee is everyone, or everyone with an account. */
export function isPublicGroup(grantee: Grantee): boolean {
  return grantee.type === 'group' && grantee.group !== 'LogDelivery'
}

function isGrantee(grantee: Grantee, principal: Principal): boolean {
  if (grantee.type === 'account') {
    return principal.type === 'account' && principal.accountId === grantee.accountId
  }
  if (grantee.group === 'AllUsers') return true
  return grantee.group === 'AuthenticatedUsers' && principal.type !== 'anonymous'
}

/**
 * The permission in a bucket's ACL that allows an action, as S3 maps them; null when a bucket ACL never does. WRITE removes no versions: S3 lets only
 * the bucket's owner do that by it, who may anyway.
 */
export function bucketAclPermission(action: S3Action): AclPermission | null {
  switch (action) {
    case 's3:ListBucket':
    case 's3:ListBucketVersions':
    case 's3:ListBucketMultipartUploads':
      return 'READ'
    case 's3:PutObject':
    case 's3:DeleteObject':
      return 'WRITE'
    case 's3:GetBucketAcl':
      return 'READ_ACP'
    case 's3:PutBucketAcl':
      return 'WRITE_ACP'
    default:
      return null
  }
}

/** The permission in an object's ACL that allows an action, as S3 maps them; null when an object ACL never does. */
export function objectAclPermission(action: S3Action): AclPermission | null {
  switch (action) {
    case 's3:GetObject':
    case 's3:GetObjectVersion':
    case 's3:GetObjectAttributes':
    case 's3:GetObjectVersionAttributes':
      return 'READ'
    case 's3:GetObjectAcl':
    case 's3:GetObjectVersionAcl':
      return 'READ_ACP'
    case 's3:PutObjectAcl':
    case 's3:PutObjectVersionAcl':
      return 'WRITE_ACP'
    default:
      return null
  }
}
