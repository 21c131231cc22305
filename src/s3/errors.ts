import type { S3ErrorCode } from '../model/s3/errors.ts'
import { TAG_KEY_LENGTH_MAX, TAG_VALUE_LENGTH_MAX } from '../model/s3/shapes/tag.ts'
import { describeRefusal } from '../service/credentials/refused-key.ts'
import type { AccountErrors } from '../service/errors/account.ts'
import type { ApplicationKeyErrors } from '../service/errors/application-key.ts'
import type { BucketSetting } from '../service/errors/bucket.ts'
import type { DomainError, DomainErrorKind, DomainErrors } from '../service/errors/domain-error.ts'
import type { ConditionName } from '../service/errors/object.ts'
import type { ResourceErrors } from '../service/errors/resource.ts'
import type { RoleErrors } from '../service/errors/role.ts'
import type { SessionErrors } from '../service/errors/session.ts'
import type { TagProblem } from '../service/errors/tag.ts'
import { corsErrorForm } from './cors/cors-error.ts'
import { S3Error, type S3ErrorForm } from './s3-error.ts'

/** What no operation of S3's meets: the control plane's own. */
type NotMet =
  | keyof AccountErrors
  | keyof ApplicationKeyErrors
  | keyof ResourceErrors
  | keyof RoleErrors
  | keyof SessionErrors
  | 'BucketHoldsLockedVersion'
  | 'BucketInUse'
  | 'BundleChangedThisMonth'
  | 'InvalidBucketSelection'
  | 'InvalidMetricRange'
  | 'InvalidPageToken'
  | 'InvalidReadonlyAccount'
  | 'InvalidVersioning'
  | 'LocksBusy'
  | 'NoPlaceForSuccessor'
  | 'NoSuchAccessKey'
  | 'NoSuchBundle'
  | 'SameBundle'
  | 'TooManyAccessKeys'

type Row<Fields> = S3ErrorForm | ((fields: Fields) => S3ErrorForm)

const invalidArgument = (message: string): S3ErrorForm => ({ code: 'InvalidArgument', message })
const invalidRequest = (message: string): S3ErrorForm => ({ code: 'InvalidRequest', message })
const malformedXml = (message: string): S3ErrorForm => ({ code: 'MalformedXML', message })
const accessDenied = (message: string): S3ErrorForm => ({ code: 'AccessDenied', message })

const CODES_OF_SETTINGS: Readonly<Record<BucketSetting, S3ErrorCode>> = {
  'cors-rules': 'NoSuchCORSConfiguration',
  encryption: 'ServerSideEncryptionConfigurationNotFoundError',
  'lifecycle-rules': 'NoSuchLifecycleConfiguration',
  'object-lock': 'ObjectLockConfigurationNotFoundError',
  'object-ownership': 'OwnershipControlsNotFoundError',
  policy: 'NoSuchBucketPolicy',
  'public-access-block': 'NoSuchPublicAccessBlockConfiguration',
  tags: 'NoSuchTagSet',
}

const CONDITIONS: Readonly<Record<ConditionName, string>> = {
  ifMatch: 'If-Match',
  ifNoneMatch: 'If-None-Match',
  ifModifiedSince: 'If-Modified-Since',
  ifUnmodifiedSince: 'If-Unmodified-Since',
  ifMatchLastModified: 'x-amz-if-match-last-modified-time',
  ifMatchSize: 'x-amz-if-match-size',
}

const PAGE_LIMITS = { maxKeys: 'max-keys', maxParts: 'max-parts', maxUploads: 'max-uploads' } as const

const SIZES = {
  sizeGreaterThanBytes: 'ObjectSizeGreaterThan',
  sizeLessThanBytes: 'ObjectSizeLessThan',
} as const
const DAYS = {
  days: 'Days',
  noncurrentDays: 'NoncurrentDays',
  daysAfterInitiation: 'DaysAfterInitiation',
} as const
const ACTIONS = {
  expiration: 'Expiration',
  noncurrentVersionExpiration: 'NoncurrentVersionExpiration',
  abortIncompleteMultipartUpload: 'AbortIncompleteMultipartUpload',
} as const
const SELECTED = {
  expiredObjectDeleteMarker: 'ExpiredObjectDeleteMarker',
  abortIncompleteMultipartUpload: 'AbortIncompleteMultipartUpload',
} as const

const DEFAULT_RETENTION_FORMS: Readonly<
  Record<DomainErrors['InvalidDefaultRetention']['problem'], S3ErrorForm>
> = {
  incomplete: { code: 'MalformedXML' },
  'not-positive': {
    code: 'InvalidRetentionPeriod',
    message: 'Default retention period must be a positive integer value.',
  },
  'too-long': { code: 'InvalidRetentionPeriod', message: 'Default retention period too large.' },
}

function tagMessage(problem: TagProblem, length: number): string {
  switch (problem) {
    case 'key-length':
      return `a tag's key must have 1 to ${TAG_KEY_LENGTH_MAX} characters, got ${length}`
    case 'value-length':
      return `a tag's value may have ${TAG_VALUE_LENGTH_MAX} characters, got ${length}`
    case 'key-text':
      return 'The TagKey you have provided is invalid'
    case 'value-text':
      return 'The TagValue you have provided is invalid'
    case 'reserved':
      return 'Your TagKey cannot be prefixed with aws:'
    case 'repeated':
      return 'Cannot provide multiple Tags with the same key'
  }
}

/** Every expected failure of the rules as S3 answers it: the one place that knows. */
const S3_FORMS: { readonly [Kind in Exclude<DomainErrorKind, NotMet>]: Row<DomainErrors[Kind]> } = {
  // Access
  AccessDenied: { code: 'AccessDenied' },
  AnonymousOverrides: invalidRequest(
    'Request specific response headers cannot be used for anonymous GET requests.',
  ),
  PolicyTooCostly: accessDenied(
    'The policy of the bucket has too many long patterns to be held against all that the request names. Ask for fewer keys at once.',
  ),
  MalformedPolicy: ({ problem }) => ({ code: 'MalformedPolicy', message: problem }),
  AclsNotInForce: { code: 'AccessControlListNotSupported' },
  BucketAclNotInForce: { code: 'InvalidBucketAclWithObjectOwnership' },
  PublicBucketAclBlocked: { code: 'InvalidBucketAclWithBlockPublicAccessError' },
  TooManyGrants: ({ countMax }) => ({
    code: 'InvalidArgument',
    message: `An ACL may have ${countMax} grants.`,
    details: { argumentName: 'x-amz-grant', argumentValue: '' },
  }),
  NoSuchGrantee: ({ canonicalUserId }) => ({
    code: 'InvalidArgument',
    message: 'Invalid id',
    details: { argumentName: 'CanonicalUser/ID', argumentValue: canonicalUserId.slice(0, 256) },
  }),
  GranteeByEmail: { code: 'UnresolvableGrantByEmailAddress' },
  AclWithoutEffect: ({ reason }) =>
    accessDenied(
      reason === 'not-public-read'
        ? 'An object of this bucket is private or public-read; no other access can be granted by its ACL.'
        : 'The access rules of this bucket let no object be made public: allowPublicOverrides is false.',
    ),
  AccessKeyStopped: (refusal) => {
    const { what, fault } = describeRefusal(refusal)
    if (what === 'token-expired') return { code: 'ExpiredToken' }
    if (what === 'token') return { code: 'InvalidToken' }
    return {
      code: 'InvalidAccessKeyId',
      ...(what === 'key' && { message: `The AWS Access Key Id you provided ${fault}.` }),
    }
  },
  RecordBusy: { code: 'SlowDown' },

  // Buckets
  NoSuchBucket: ({ bucketName }) => ({ code: 'NoSuchBucket', details: { bucketName } }),
  InvalidBucketName: ({ bucketName }) => ({ code: 'InvalidBucketName', details: { bucketName } }),
  BucketNameTaken: ({ bucketName }) => ({ code: 'BucketAlreadyExists', details: { bucketName } }),
  BucketOwnedAlready: ({ bucketName }) => ({ code: 'BucketAlreadyOwnedByYou', details: { bucketName } }),
  TooManyBuckets: ({ count }) => ({
    code: 'TooManyBuckets',
    message: `The account owns ${count} buckets already, which is the most it may`,
  }),
  AccountGone: { code: 'InternalError', message: 'The account of this request is gone' },
  BucketNotEmpty: ({ bucketName }) => ({ code: 'BucketNotEmpty', details: { bucketName } }),
  NoSuchSetting: ({ bucketName, setting }) => ({
    code: CODES_OF_SETTINGS[setting],
    details: { bucketName },
  }),
  VersioningNeededByObjectLock: {
    code: 'InvalidBucketState',
    message:
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
  },
  ObjectLockNeedsVersioning: {
    code: 'InvalidBucketState',
    message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
  },
  LocationElsewhere: ({ locationConstraint }) => ({
    code: 'IllegalLocationConstraintException',
    message: `The ${locationConstraint.slice(0, 256)} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  }),
  NoSuchLocation: ({ locationConstraint }) => ({
    code: 'InvalidLocationConstraint',
    details: { locationConstraint: locationConstraint.slice(0, 256) },
  }),
  InvalidExpectedOwner: ({ expected }) => ({
    code: 'InvalidBucketOwnerAWSAccountID',
    message: `The value of the expected bucket owner parameter must be an AWS Account ID... [${expected}]`,
  }),
  InvalidCorsRules: corsErrorForm,
  InvalidAccessLog: { code: 'InvalidTargetBucketForLogging' },
  InvalidTag: ({ problem, tagKey = '', tagValue, length = 0 }) => ({
    code: 'InvalidTag',
    message: tagMessage(problem, length),
    details: {
      tagKey: tagKey.slice(0, TAG_KEY_LENGTH_MAX),
      ...(tagValue !== undefined && { tagValue: tagValue.slice(0, TAG_VALUE_LENGTH_MAX) }),
    },
  }),
  TooManyTags: ({ of, countMax }) => ({
    code: 'BadRequest',
    message: `${of === 'bucket' ? 'Bucket' : 'Object'} tags cannot be greater than ${countMax}`,
  }),

  // Lifecycle rules
  RuleIdTooLong: ({ lengthMax }) =>
    invalidArgument(`ID length should not exceed allowed limit of ${lengthMax}`),
  RuleIdRepeated: ({ ruleId }) =>
    invalidArgument(`Rule ID must be unique. Found same ID for more than one rule: ${ruleId}`),
  RuleSizesCrossed: ({ ruleId }) =>
    invalidRequest(`'ObjectSizeLessThan' must be greater than 'ObjectSizeGreaterThan'; rule ${ruleId}`),
  RuleSizeNegative: ({ ruleId, size, got }) =>
    invalidArgument(`'${SIZES[size]}' must not be negative, got ${got}; rule ${ruleId}`),
  RuleTagRepeated: ({ ruleId }) => invalidRequest(`Duplicate Tag Keys are not allowed; rule ${ruleId}`),
  RuleFormsMixed: invalidRequest(
    'Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.',
  ),
  RulePrefixesOverlap: ({ prefix, otherPrefix, action }) =>
    invalidRequest(
      `Found overlapping prefixes '${prefix}' and '${otherPrefix}' for same action type '${ACTIONS[action]}'`,
    ),
  RuleWithoutAction: ({ ruleId }) =>
    invalidRequest(`At least one action needs to be specified in a rule; rule ${ruleId}`),
  RuleSelectsTooFinely: ({ ruleId, what }) =>
    invalidRequest(`${SELECTED[what]} cannot be specified with tags or sizes; rule ${ruleId}`),
  NewerVersionsOutOfRange: ({ ruleId, got, countMax }) =>
    invalidArgument(`NewerNoncurrentVersions must be 1–${countMax}, got ${got}; rule ${ruleId}`),
  ExpirationAmbiguous: ({ ruleId }) =>
    malformedXml(`Expiration takes one of Days, Date and ExpiredObjectDeleteMarker; rule ${ruleId}`),
  RuleDateNotMidnight: ({ ruleId, date }) =>
    invalidArgument(`'Date' must be at midnight GMT, got ${new Date(date).toISOString()}; rule ${ruleId}`),
  RuleDaysMissing: ({ ruleId, days }) => malformedXml(`${DAYS[days]} must be specified; rule ${ruleId}`),
  RuleDaysOutOfRange: ({ ruleId, days, got }) =>
    invalidArgument(`'${DAYS[days]}' must be a positive integer, got ${got}; rule ${ruleId}`),

  // Listings
  InvalidPageSize: ({ limit, wanted }) => ({
    code: 'InvalidArgument',
    message: `${PAGE_LIMITS[limit]} must be 0 or more, got ${wanted}`,
    details: { argumentName: PAGE_LIMITS[limit], argumentValue: String(wanted) },
  }),
  InvalidContinuationToken: {
    code: 'InvalidArgument',
    message: 'The continuation token provided is incorrect',
    details: { argumentName: 'continuation-token' },
  },
  UnsupportedDelimiter: {
    code: 'NotImplemented',
    message: 'A delimiter with U+0000 or U+0001 is not supported here.',
  },
  InvalidVersionMarker: ({ versionIdMarker, problem }) => ({
    code: 'InvalidArgument',
    message:
      problem === 'no-key-marker'
        ? 'A version-id marker cannot be specified without a key marker.'
        : 'Invalid version id specified',
    details: { argumentName: 'version-id-marker', argumentValue: versionIdMarker },
  }),

  // Objects and versions
  NoSuchKey: ({ objectKey }) => ({ code: 'NoSuchKey', details: { key: objectKey } }),
  NoSuchVersion: ({ objectKey, versionId }) => ({
    code: 'NoSuchVersion',
    details: { key: objectKey, versionId },
  }),
  InvalidVersionId: ({ versionId }) => ({
    code: 'InvalidArgument',
    message: 'Invalid version id specified',
    details: { argumentName: 'versionId', argumentValue: versionId },
  }),
  VersionIsDeleteMarker: ({ objectKey, versionId, lastModified, isNamed }) => {
    const marker = { deleteMarker: true, versionId, lastModified }
    // A delete marker that was named can be removed, and nothing else.
    return isNamed
      ? { code: 'MethodNotAllowed', details: { ...marker, allow: 'DELETE', resourceType: 'DeleteMarker' } }
      : { code: 'NoSuchKey', details: { key: objectKey, ...marker } }
  },
  PreconditionFailed: ({ condition, isOfSource = false }) => ({
    code: 'PreconditionFailed',
    ...(condition && {
      details: { condition: (isOfSource ? 'x-amz-copy-source-' : '') + CONDITIONS[condition] },
    }),
  }),
  TwoWriteConditions: {
    code: 'NotImplemented',
    message: 'If-Match and If-None-Match exclude each other on a write.',
    details: {
      header: 'If-Match,If-None-Match',
      additionalMessage: 'Multiple conditional request headers present in the request',
    },
  },
  DamagedObject: {
    code: 'InternalError',
    message:
      'What is stored here is damaged and cannot be read. It can be overwritten and deleted. The log of the server tells where the damage is.',
  },
  NoSuchPart: ({ partNumber }) => ({ code: 'InvalidPart', details: { partNumber } }),
  EmptyObjectKey: invalidArgument('The key must have 1 byte or more.'),
  ObjectKeyTooLong: ({ sizeBytes, sizeBytesMax }) => ({
    code: 'KeyTooLongError',
    details: { size: sizeBytes, maxSizeAllowed: sizeBytesMax },
  }),
  TooManyZeroBytes: ({ countMax }) => ({
    code: 'KeyTooLongError',
    message: `The key has more than ${countMax} zero bytes.`,
  }),
  BodyTooLarge: ({ sizeBytes, sizeBytesMax }) => ({
    code: 'EntityTooLarge',
    details: { proposedSize: sizeBytes, maxSizeAllowed: sizeBytesMax },
  }),
  MetadataTooLarge: ({ sizeBytes, sizeBytesMax }) => ({
    code: 'MetadataTooLarge',
    details: { size: sizeBytes, maxSizeAllowed: sizeBytesMax },
  }),
  InvalidRedirectLocation: ({ problem, lengthMax }) => ({
    code: 'InvalidRedirectLocation',
    ...(problem === 'length' && {
      message: `The length of website redirect location cannot exceed ${lengthMax.toLocaleString('en')} characters.`,
    }),
  }),
  InvalidStorageClass: ({ storageClass }) => ({
    code: 'InvalidStorageClass',
    details: { storageClassRequested: storageClass.slice(0, 256) },
  }),
  CopySourceTooLarge: ({ sizeBytesMax }) =>
    invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${sizeBytesMax}`,
    ),
  CopySourceIsDeleteMarker: invalidRequest(
    'The source of a copy request may not specifically refer to a delete marker by version id.',
  ),
  CopyOntoItself: invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  ),
  InvalidBatchSize: { code: 'MalformedXML' },

  // Locks
  BucketWithoutObjectLock: invalidRequest('Bucket is missing Object Lock Configuration'),
  NoSuchLock: { code: 'NoSuchObjectLockConfiguration' },
  VersionLocked: ({ lock }) =>
    accessDenied(
      lock === 'legal hold'
        ? 'The object version is under legal hold.'
        : `The object version is retained in ${lock} mode.`,
    ),
  RetentionIncomplete: ({ of, mode = '' }) =>
    of === 'version'
      ? { code: 'MalformedXML' }
      : {
          code: 'InvalidArgument',
          message: 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
          details: { argumentName: 'x-amz-object-lock-mode', argumentValue: mode },
        },
  RetainUntilPast: invalidArgument('The retain until date must be in the future!'),
  InvalidDefaultRetention: ({ problem }) => DEFAULT_RETENTION_FORMS[problem],
  LegalHoldOfAccount: accessDenied('The account set this legal hold: a key of the bucket cannot lift it.'),
  RetentionBelowDefault: accessDenied(
    "A key of the bucket cannot ask for less than the bucket's default retention.",
  ),
  NothingToBypass: {
    code: 'InvalidArgument',
    message: 'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    details: { argumentName: 'x-amz-bypass-governance-retention' },
  },

  // Encryption
  TwoEncryptions: ({ method }) => ({
    code: 'InvalidArgument',
    message:
      'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
    details: { argumentName: 'x-amz-server-side-encryption', argumentValue: method },
  }),
  CustomerKeyMissing: invalidRequest(
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
  ),
  CustomerKeyWrong: ({ of }) => ({
    code: of === 'object' ? 'AccessDenied' : 'InvalidRequest',
    message: 'The provided encryption parameters did not match the ones used originally.',
  }),
  CustomerKeysBlocked: accessDenied(
    'The bucket blocks server side encryption with customer provided keys (SSE-C) for new objects.',
  ),
  CustomerKeyNotNeeded: invalidRequest('The encryption parameters are not applicable to this object.'),
  UploadEncryptionDiffers: invalidRequest(
    'The upload was not begun with the server side encryption that the request asks for.',
  ),

  // Uploads
  NoSuchUpload: ({ uploadId }) => ({ code: 'NoSuchUpload', details: { uploadId } }),
  AnonymousUpload: ({ step }) => ({
    code: 'AccessDenied',
    // In S3's words, with its two spaces.
    ...(step === 'beginning' && {
      message: 'Anonymous users cannot initiate multipart uploads.  Please authenticate.',
    }),
  }),
  InvalidPartNumber: ({ partNumber, partNumberMax }) => ({
    code: 'InvalidArgument',
    message: `Part number must be an integer between 1 and ${partNumberMax}, inclusive`,
    details: { argumentName: 'partNumber', argumentValue: String(partNumber) },
  }),
  PartChecksumTypeDiffers: ({ expected, given }) =>
    invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${given?.toLowerCase() ?? 'null'}`,
    ),
  CopyRangeBeyondSource: ({ sizeBytes, start, end }) =>
    start >= sizeBytes
      ? invalidRequest('The specified copy range is invalid for the source object size')
      : {
          code: 'InvalidArgument',
          message: `Range specified is not valid for source object of size: ${sizeBytes}`,
          details: { argumentName: 'x-amz-copy-source-range', argumentValue: `bytes=${start}-${end}` },
        },
  ChecksumTypeAlone: invalidRequest(
    'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
  ),
  ChecksumTypeImpossible: ({ type, algorithm }) =>
    invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    ),
  NoParts: malformedXml('You must specify at least one part'),
  TooManyParts: ({ count, countMax }) => malformedXml(`An upload has up to ${countMax} parts, got ${count}.`),
  PartNumberBelowOne: invalidArgument('PartNumber must be >= 1'),
  PartsOutOfOrder: { code: 'InvalidPartOrder' },
  ChecksumTypeDiffers: ({ type }) =>
    invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    ),
  AssembledObjectTooLarge: { code: 'EntityTooLarge' },
  AssembledSizeDiffers: ({ sizeBytes, expectedBytes }) =>
    invalidRequest(`The object has ${sizeBytes} bytes, x-amz-mp-object-size says ${expectedBytes}.`),
  PartChecksumMissing: ({ algorithm, partNumber }) =>
    invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    ),
  PartChecksumUnknown: ({ algorithm, partNumber }) => ({
    code: 'BadDigest',
    message: `The ${algorithm.toLowerCase()} you specified for part ${partNumber} did not match what we received.`,
  }),
  PartDiffers: ({ partNumber, etag }) => ({ code: 'InvalidPart', details: { partNumber, ETag: etag } }),
  PartTooSmall: ({ partNumber, etag, sizeBytes, sizeBytesMin }) => ({
    code: 'EntityTooSmall',
    details: { ETag: etag, minSizeAllowed: sizeBytesMin, partNumber, proposedSize: sizeBytes },
  }),
  AssembledChecksumDiffers: { code: 'BadDigest' },
}

/** What an expected failure of a rule is in S3, to be thrown. Throws as {@link s3FormOf}. */
export function s3ErrorOf(error: DomainError): S3Error {
  const { code, message, details = {} } = s3FormOf(error)
  return new S3Error(code, message, { details, cause: error })
}

/** What an expected failure of a rule is in S3. Throws the error itself when no operation of S3's should have met it: a fault. */
export function s3FormOf(error: DomainError): S3ErrorForm {
  if (!(error.kind in S3_FORMS)) throw error
  const row: Row<never> = S3_FORMS[error.kind as keyof typeof S3_FORMS]
  return typeof row === 'function' ? row(error.fields as never) : row
}
