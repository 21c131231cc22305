/** What acts on the service as a whole, before a bucket is looked at. */
const SERVICE_ACTIONS = ['s3:ListAllMyBuckets', 's3:CreateBucket'] as const

/** What reads a bucket or its settings; a policy names the bucket's ARN as its resource. */
const BUCKET_READ_ACTIONS = [
  's3:GetAccelerateConfiguration',
  's3:GetBucketAcl',
  's3:GetBucketCORS',
  's3:GetBucketLocation',
  's3:GetBucketLogging',
  's3:GetBucketNotification',
  's3:GetBucketObjectLockConfiguration',
  's3:GetBucketOwnershipControls',
  's3:GetBucketPolicy',
  's3:GetBucketPolicyStatus',
  's3:GetBucketPublicAccessBlock',
  's3:GetBucketRequestPayment',
  's3:GetBucketTagging',
  's3:GetBucketVersioning',
  's3:GetBucketWebsite',
  's3:GetEncryptionConfiguration',
  's3:GetLifecycleConfiguration',
  's3:GetReplicationConfiguration',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
] as const

/** What changes a bucket itself, none of its objects. */
export const BUCKET_CHANGE_ACTIONS = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:DeleteBucketWebsite',
  's3:PutAccelerateConfiguration',
  's3:PutBucketAcl',
  's3:PutBucketCORS',
  's3:PutBucketLogging',
  's3:PutBucketNotification',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketOwnershipControls',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketRequestPayment',
  's3:PutBucketTagging',
  's3:PutBucketVersioning',
  's3:PutBucketWebsite',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
] as const

const BUCKET_ACTIONS = [...BUCKET_READ_ACTIONS, ...BUCKET_CHANGE_ACTIONS] as const

/** What acts on an object; a policy names the object's ARN as its resource. */
const OBJECT_ACTIONS = [
  's3:AbortMultipartUpload',
  's3:BypassGovernanceRetention',
  's3:DeleteObject',
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersion',
  's3:DeleteObjectVersionTagging',
  's3:GetObject',
  's3:GetObjectAcl',
  's3:GetObjectAttributes',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectTagging',
  's3:GetObjectVersion',
  's3:GetObjectVersionAcl',
  's3:GetObjectVersionAttributes',
  's3:GetObjectVersionTagging',
  's3:ListMultipartUploadParts',
  's3:PutObject',
  's3:PutObjectAcl',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:PutObjectTagging',
  's3:PutObjectVersionAcl',
  's3:PutObjectVersionTagging',
  's3:RestoreObject',
] as const

type ServiceAction = (typeof SERVICE_ACTIONS)[number]
type BucketAction = (typeof BUCKET_ACTIONS)[number]
/** An action on an object: its resource is the ARN of the object. */
export type ObjectAction = (typeof OBJECT_ACTIONS)[number]

/** One thing that a data-plane request wants to do, named as IAM and bucket policies name it. */
export type S3Action = ServiceAction | BucketAction | ObjectAction

/** Every action there is; a policy may use wildcards over these. */
export const S3_ACTIONS: readonly S3Action[] = [...SERVICE_ACTIONS, ...BUCKET_ACTIONS, ...OBJECT_ACTIONS]

const objectActions: ReadonlySet<string> = new Set(OBJECT_ACTIONS)

/** What no operation here does, and yet stands in policies that come along with data from elsewhere: it is taken, and lets nobody do anything. */
const UNOFFERED_BUCKET_ACTIONS = [
  's3:GetAnalyticsConfiguration',
  's3:GetIntelligentTieringConfiguration',
  's3:GetInventoryConfiguration',
  's3:GetMetricsConfiguration',
  's3:PutAnalyticsConfiguration',
  's3:PutIntelligentTieringConfiguration',
  's3:PutInventoryConfiguration',
  's3:PutMetricsConfiguration',
] as const

/** As {@link UNOFFERED_BUCKET_ACTIONS}, on objects. */
const UNOFFERED_OBJECT_ACTIONS = [
  's3:GetObjectTorrent',
  's3:GetObjectVersionForReplication',
  's3:GetObjectVersionTorrent',
  's3:InitiateReplication',
  's3:ObjectOwnerOverrideToBucketOwner',
  's3:ReplicateDelete',
  's3:ReplicateObject',
  's3:ReplicateTags',
] as const

/** Every action that a policy may name, by what its resource is. */
export const POLICY_ACTIONS: readonly { readonly name: string; readonly isOnObject: boolean }[] = [
  ...[...SERVICE_ACTIONS, ...BUCKET_ACTIONS, ...UNOFFERED_BUCKET_ACTIONS].map((name) => ({
    name,
    isOnObject: false,
  })),
  ...[...OBJECT_ACTIONS, ...UNOFFERED_OBJECT_ACTIONS].map((name) => ({ name, isOnObject: true })),
]

/** Whether an action is on an object; all others are on a bucket or the service. */
export function isObjectAction(action: S3Action): action is ObjectAction {
  return objectActions.has(action)
}

/** Whether an action is on an upload in progress: what it depends on is who began it. */
export function isUploadAction(action: S3Action): boolean {
  return action === 's3:AbortMultipartUpload' || action === 's3:ListMultipartUploadParts'
}
