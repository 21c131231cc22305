import { CORS_ID_LENGTH_MAX, CORS_METHODS } from '../../s3/shapes/cors.ts'
import { enumeration, list, required, string, structure } from '../../shape.ts'
import { ResourceLocation } from './operation-record.ts'
import { BooleanValue, BucketName, IntegerValue, IsoDate, NonEmptyString, StringValue } from './primitives.ts'
import { TagList } from './tag.ts'

/** Who may read the objects of a bucket: everybody, or only who has a key or was let in. */
const AccessType = enumeration(['public', 'private'], { name: 'AccessType' })

/** What of a bucket is public. */
export const AccessRules = structure(
  { getObject: AccessType, allowPublicOverrides: BooleanValue },
  {
    name: 'AccessRules',
    doc: 'getObject says whether everybody may read all objects; allowPublicOverrides lets single objects be made public.',
  },
)

/** The 12-digit ids of other accounts that may read a bucket; at most ten. */
export const PartnerIdList = list(NonEmptyString, { name: 'PartnerIdList', lengthMax: 10 })

/** A resource, such as an instance, that may use a bucket without a bucket access key. */
const ResourceReceivingAccess = structure(
  { name: NonEmptyString, resourceType: NonEmptyString },
  { name: 'ResourceReceivingAccess' },
)

/** All resources that may use a bucket. */
const AccessReceiverList = list(ResourceReceivingAccess, { name: 'AccessReceiverList' })

/** Whether a bucket can be used: OK, or Unknown with a message that says why. */
const BucketState = structure({ code: NonEmptyString, message: StringValue }, { name: 'BucketState' })

/** What the names of access log objects begin with: 1 to 100 characters. */
const BucketAccessLogPrefix = string({
  name: 'BucketAccessLogPrefix',
  lengthMin: 1,
  lengthMax: 100,
  pattern: /^[\w/!.*')(-]+$/,
})

/** Whether and where the accesses to a bucket are logged. */
export const BucketAccessLogConfig = structure(
  { enabled: required(BooleanValue), destination: BucketName, prefix: BucketAccessLogPrefix },
  {
    name: 'BucketAccessLogConfig',
    doc: 'With enabled, a destination bucket is needed; the names of the log objects begin with the prefix.',
  },
)

/** A name for a CORS rule, chosen by its owner. */
const BucketCorsRuleId = string({ name: 'BucketCorsRuleId', lengthMax: CORS_ID_LENGTH_MAX })

/** An HTTP method that a CORS rule allows, in capitals. */
const BucketCorsAllowedMethod = string({
  name: 'BucketCorsAllowedMethod',
  pattern: new RegExp(`^(${CORS_METHODS.join('|')})$`),
})

/** The HTTP methods that a CORS rule allows; the service asks for at least one. */
const BucketCorsAllowedMethods = list(BucketCorsAllowedMethod, { name: 'BucketCorsAllowedMethods' })

/** The origins that a CORS rule is for; each may hold one `*`. */
const BucketCorsAllowedOrigins = list(StringValue, { name: 'BucketCorsAllowedOrigins' })

/** The request headers that a preflight may ask for; each may hold one `*`. */
const BucketCorsAllowedHeaders = list(StringValue, { name: 'BucketCorsAllowedHeaders' })

/** The response headers that a script in a browser may read. */
const BucketCorsExposeHeaders = list(StringValue, { name: 'BucketCorsExposeHeaders' })

/** What pages of some origins may do. `maxAgeSeconds` is how long a browser may keep the response to a preflight. */
const BucketCorsRule = structure(
  {
    id: BucketCorsRuleId,
    allowedMethods: required(BucketCorsAllowedMethods),
    allowedOrigins: required(BucketCorsAllowedOrigins),
    allowedHeaders: BucketCorsAllowedHeaders,
    exposeHeaders: BucketCorsExposeHeaders,
    maxAgeSeconds: IntegerValue,
  },
  { name: 'BucketCorsRule' },
)

/** The CORS rules of a bucket, the first that fits counts; at most 20. */
const BucketCorsRules = list(BucketCorsRule, { name: 'BucketCorsRules', lengthMax: 20 })

/** The CORS rules of a bucket; an empty list takes them away. */
export const BucketCorsConfig = structure({ rules: BucketCorsRules }, { name: 'BucketCorsConfig' })

/** A bucket and its settings, as every reply shows it. */
export const Bucket = structure(
  {
    resourceType: NonEmptyString,
    accessRules: AccessRules,
    arn: NonEmptyString,
    bundleId: NonEmptyString,
    createdAt: IsoDate,
    url: NonEmptyString,
    location: ResourceLocation,
    name: BucketName,
    supportCode: NonEmptyString,
    tags: TagList,
    objectVersioning: NonEmptyString,
    ableToUpdateBundle: BooleanValue,
    readonlyAccessAccounts: PartnerIdList,
    resourcesReceivingAccess: AccessReceiverList,
    state: BucketState,
    accessLogConfig: BucketAccessLogConfig,
    cors: BucketCorsConfig,
  },
  { name: 'Bucket', doc: 'A bucket and its settings.' },
)

/** Buckets in the order of their names. */
export const BucketList = list(Bucket, { name: 'BucketList' })

/** How the account's own block of public access in S3 stands to Lightsail's. */
const AccountLevelBpaSyncStatus = enumeration(['InSync', 'Failed', 'NeverSynced', 'Defaulted'], {
  name: 'AccountLevelBpaSyncStatus',
})

/** Why that block is not in step; `Unknown` when there is nothing to say. */
const BPAStatusMessage = enumeration(
  ['DEFAULTED_FOR_SLR_MISSING', 'SYNC_ON_HOLD', 'DEFAULTED_FOR_SLR_MISSING_ON_HOLD', 'Unknown'],
  { name: 'BPAStatusMessage' },
)

/** The account's block of public access in S3, which Amazon carries over to Lightsail's buckets. */
export const AccountLevelBpaSync = structure(
  {
    status: AccountLevelBpaSyncStatus,
    lastSyncedAt: IsoDate,
    message: BPAStatusMessage,
    bpaImpactsLightsail: BooleanValue,
  },
  { name: 'AccountLevelBpaSync' },
)

/** Whether a resource is let in or shut out. */
export const ResourceBucketAccess = enumeration(['allow', 'deny'], { name: 'ResourceBucketAccess' })
