import { enumeration, list, required, string, structure } from '../../shape.ts'
import { ResourceLocation } from './operation-record.ts'
import { BooleanValue, BucketName, IntegerValue, IsoDate, NonEmptyString, StringValue } from './primitives.ts'
import { TagList } from './tag.ts'

export const AccessType = enumeration(['public', 'private'], { name: 'AccessType' })

export const AccessRules = structure(
  { getObject: AccessType, allowPublicOverrides: BooleanValue },
  {
    name: 'AccessRules',
    doc: 'getObject says whether everybody may read all objects; allowPublicOverrides lets single objects be made public.',
  },
)

export const PartnerIdList = list(NonEmptyString, { name: 'PartnerIdList', lengthMax: 10 })

export const ResourceReceivingAccess = structure(
  { name: NonEmptyString, resourceType: NonEmptyString },
  { name: 'ResourceReceivingAccess' },
)

export const AccessReceiverList = list(ResourceReceivingAccess, { name: 'AccessReceiverList' })

export const BucketState = structure({ code: NonEmptyString, message: StringValue }, { name: 'BucketState' })

export const BucketAccessLogPrefix = string({
  name: 'BucketAccessLogPrefix',
  lengthMin: 1,
  lengthMax: 100,
  pattern: /^[\w/!.*')(-]+$/,
})

export const BucketAccessLogConfig = structure(
  { enabled: required(BooleanValue), destination: BucketName, prefix: BucketAccessLogPrefix },
  {
    name: 'BucketAccessLogConfig',
    doc: 'With enabled, a destination bucket is needed; the names of the log objects begin with the prefix.',
  },
)

export const BucketCorsRuleId = string({ name: 'BucketCorsRuleId', lengthMax: 255 })

export const BucketCorsAllowedMethod = string({
  name: 'BucketCorsAllowedMethod',
  pattern: /^(DELETE|GET|HEAD|POST|PUT)$/,
})

export const BucketCorsAllowedMethods = list(BucketCorsAllowedMethod, { name: 'BucketCorsAllowedMethods' })

export const BucketCorsAllowedOrigins = list(StringValue, { name: 'BucketCorsAllowedOrigins' })

export const BucketCorsAllowedHeaders = list(StringValue, { name: 'BucketCorsAllowedHeaders' })

export const BucketCorsExposeHeaders = list(StringValue, { name: 'BucketCorsExposeHeaders' })

export const BucketCorsRule = structure(
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

export const BucketCorsRules = list(BucketCorsRule, { name: 'BucketCorsRules', lengthMax: 20 })

export const BucketCorsConfig = structure({ rules: BucketCorsRules }, { name: 'BucketCorsConfig' })

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

export const BucketList = list(Bucket, { name: 'BucketList' })

export const AccountLevelBpaSyncStatus = enumeration(['InSync', 'Failed', 'NeverSynced', 'Defaulted'], {
  name: 'AccountLevelBpaSyncStatus',
})

export const BPAStatusMessage = enumeration(
  ['DEFAULTED_FOR_SLR_MISSING', 'SYNC_ON_HOLD', 'DEFAULTED_FOR_SLR_MISSING_ON_HOLD', 'Unknown'],
  { name: 'BPAStatusMessage' },
)

export const AccountLevelBpaSync = structure(
  {
    status: AccountLevelBpaSyncStatus,
    lastSyncedAt: IsoDate,
    message: BPAStatusMessage,
    bpaImpactsLightsail: BooleanValue,
  },
  { name: 'AccountLevelBpaSync' },
)

export const ResourceBucketAccess = enumeration(['allow', 'deny'], { name: 'ResourceBucketAccess' })
