import type { S3Action } from '../../../model/s3/action.ts'

const LISTINGS: readonly S3Action[] = [
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:ListBucketMultipartUploads',
]
/** What has the rights of an upload besides: it is asked for along with the upload itself. */
const UPLOADS: readonly S3Action[] = ['s3:PutObject', 's3:BypassGovernanceRetention']
const OBJECT_ACLS: readonly S3Action[] = ['s3:PutObjectAcl', 's3:PutObjectVersionAcl']
const ACLS: readonly S3Action[] = [...UPLOADS, ...OBJECT_ACLS, 's3:CreateBucket', 's3:PutBucketAcl']
const TAGGINGS: readonly S3Action[] = [...UPLOADS, 's3:PutObjectTagging', 's3:PutObjectVersionTagging']
const LOCKS: readonly S3Action[] = [...UPLOADS, 's3:PutObjectRetention', 's3:PutObjectLegalHold']
const OF_VERSIONS: readonly S3Action[] = [
  's3:BypassGovernanceRetention',
  's3:DeleteObjectVersion',
  's3:DeleteObjectVersionTagging',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectVersion',
  's3:GetObjectVersionAcl',
  's3:GetObjectVersionAttributes',
  's3:GetObjectVersionTagging',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:PutObjectVersionAcl',
  's3:PutObjectVersionTagging',
  's3:RestoreObject',
]

/**
 * The condition keys (lower-case) that belong to some actions only, as Amazon's authorization reference has it, and those actions. Of any other
 * action such a key is never there, so that a negated condition about it would always hold. Where that reference and what is asked here differ, both
 * count. Keys that are not here may stand beside every action: the test beside this has them by name, so that none comes to be one unnoticed.
 */
export const ACTIONS_OF_KEY: ReadonlyMap<string, readonly S3Action[]> = new Map<string, readonly S3Action[]>([
  ['s3:prefix', LISTINGS],
  ['s3:delimiter', LISTINGS],
  ['s3:max-keys', LISTINGS],
  ['s3:versionid', OF_VERSIONS],
  ['s3:x-amz-acl', ACLS],
  ['s3:x-amz-grant-full-control', ACLS],
  ['s3:x-amz-grant-read', ACLS],
  ['s3:x-amz-grant-read-acp', ACLS],
  ['s3:x-amz-grant-write', ACLS],
  ['s3:x-amz-grant-write-acp', ACLS],
  ['s3:x-amz-copy-source', UPLOADS],
  ['s3:x-amz-metadata-directive', UPLOADS],
  ['s3:x-amz-server-side-encryption', UPLOADS],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', UPLOADS],
  ['s3:x-amz-storage-class', [...UPLOADS, ...OBJECT_ACLS, 's3:RestoreObject']],
  ['s3:x-amz-website-redirect-location', UPLOADS],
  ['s3:requestobjecttag', TAGGINGS],
  ['s3:requestobjecttagkeys', TAGGINGS],
  ['s3:object-lock-mode', LOCKS],
  ['s3:object-lock-retain-until-date', LOCKS],
  ['s3:object-lock-legal-hold', LOCKS],
  ['s3:if-match', [...UPLOADS, 's3:DeleteObject', 's3:DeleteObjectVersion']],
  ['s3:if-none-match', UPLOADS],
  ['s3:objectcreationoperation', UPLOADS],
])

/** Whether one of the actions that `matches` (over lower-case names) has the condition key. */
export function belongsToOneOf(key: string, matches: (actionName: string) => boolean): boolean {
  const actions = ACTIONS_OF_KEY.get(key)
  return actions === undefined || actions.some((action) => matches(action.toLowerCase()))
}
