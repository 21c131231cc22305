import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DomainError, type DomainErrorKind } from '../service/errors/domain-error.ts'
import { s3FormOf } from './errors.ts'

describe('an expected failure in S3', () => {
  const table: readonly (readonly [kind: DomainErrorKind, fields: object, form: object])[] = [
    ['AccessDenied', {}, { code: 'AccessDenied' }],
    [
      'PolicyTooCostly',
      {},
      {
        code: 'AccessDenied',
        message:
          'The policy of the bucket has too many long patterns to be held against all that the request names. Ask for fewer keys at once.',
      },
    ],
    [
      'MalformedPolicy',
      { problem: 'Policy has invalid action: x' },
      { code: 'MalformedPolicy', message: 'Policy has invalid action: x' },
    ],
    ['AclsNotInForce', {}, { code: 'AccessControlListNotSupported' }],
    ['BucketAclNotInForce', {}, { code: 'InvalidBucketAclWithObjectOwnership' }],
    ['PublicBucketAclBlocked', {}, { code: 'InvalidBucketAclWithBlockPublicAccessError' }],
    [
      'TooManyGrants',
      { countMax: 100 },
      {
        code: 'InvalidArgument',
        message: 'An ACL may have 100 grants.',
        details: { argumentName: 'x-amz-grant', argumentValue: '' },
      },
    ],
    [
      'NoSuchGrantee',
      { canonicalUserId: 'f'.repeat(257) },
      {
        code: 'InvalidArgument',
        message: 'Invalid id',
        details: { argumentName: 'CanonicalUser/ID', argumentValue: 'f'.repeat(256) },
      },
    ],
    ['GranteeByEmail', {}, { code: 'UnresolvableGrantByEmailAddress' }],
    [
      'AclWithoutEffect',
      { reason: 'not-public-read' },
      {
        code: 'AccessDenied',
        message:
          'An object of this bucket is private or public-read; no other access can be granted by its ACL.',
      },
    ],
    [
      'AclWithoutEffect',
      { reason: 'overrides-not-allowed' },
      {
        code: 'AccessDenied',
        message:
          'The access rules of this bucket let no object be made public: allowPublicOverrides is false.',
      },
    ],
    ['AccessKeyStopped', { why: 'unknown' }, { code: 'InvalidAccessKeyId' }],
    [
      'AccessKeyStopped',
      { why: 'inactive' },
      { code: 'InvalidAccessKeyId', message: 'The AWS Access Key Id you provided is inactive.' },
    ],
    [
      'AccessKeyStopped',
      { why: 'expired', at: 0 },
      {
        code: 'InvalidAccessKeyId',
        message: 'The AWS Access Key Id you provided expired at 1970-01-01T00:00:00.000Z.',
      },
    ],
    ['AccessKeyStopped', { why: 'token-invalid' }, { code: 'InvalidToken' }],
    ['AccessKeyStopped', { why: 'token-expired', at: 0 }, { code: 'ExpiredToken' }],
    [
      'AccessKeyStopped',
      { why: 'session-ended', source: 'the role r', fault: 'is inactive' },
      { code: 'InvalidToken' },
    ],
    ['RecordBusy', {}, { code: 'SlowDown' }],
    ['NoSuchBucket', { bucketName: 'mine' }, { code: 'NoSuchBucket', details: { bucketName: 'mine' } }],
    [
      'InvalidBucketName',
      { bucketName: 'mine' },
      { code: 'InvalidBucketName', details: { bucketName: 'mine' } },
    ],
    [
      'BucketNameTaken',
      { bucketName: 'mine' },
      { code: 'BucketAlreadyExists', details: { bucketName: 'mine' } },
    ],
    [
      'BucketOwnedAlready',
      { bucketName: 'mine' },
      { code: 'BucketAlreadyOwnedByYou', details: { bucketName: 'mine' } },
    ],
    [
      'TooManyBuckets',
      { count: 7 },
      { code: 'TooManyBuckets', message: 'The account owns 7 buckets already, which is the most it may' },
    ],
    ['AccountGone', {}, { code: 'InternalError', message: 'The account of this request is gone' }],
    ['BucketNotEmpty', { bucketName: 'mine' }, { code: 'BucketNotEmpty', details: { bucketName: 'mine' } }],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'cors-rules' },
      { code: 'NoSuchCORSConfiguration', details: { bucketName: 'mine' } },
    ],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'encryption' },
      { code: 'ServerSideEncryptionConfigurationNotFoundError', details: { bucketName: 'mine' } },
    ],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'lifecycle-rules' },
      { code: 'NoSuchLifecycleConfiguration', details: { bucketName: 'mine' } },
    ],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'object-lock' },
      { code: 'ObjectLockConfigurationNotFoundError', details: { bucketName: 'mine' } },
    ],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'object-ownership' },
      { code: 'OwnershipControlsNotFoundError', details: { bucketName: 'mine' } },
    ],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'policy' },
      { code: 'NoSuchBucketPolicy', details: { bucketName: 'mine' } },
    ],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'public-access-block' },
      { code: 'NoSuchPublicAccessBlockConfiguration', details: { bucketName: 'mine' } },
    ],
    [
      'NoSuchSetting',
      { bucketName: 'mine', setting: 'tags' },
      { code: 'NoSuchTagSet', details: { bucketName: 'mine' } },
    ],
    [
      'VersioningNeededByObjectLock',
      {},
      {
        code: 'InvalidBucketState',
        message:
          'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      },
    ],
    [
      'ObjectLockNeedsVersioning',
      {},
      {
        code: 'InvalidBucketState',
        message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      },
    ],
    [
      'LocationElsewhere',
      { locationConstraint: 'l'.repeat(257) },
      {
        code: 'IllegalLocationConstraintException',
        message: `The ${'l'.repeat(256)} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      },
    ],
    [
      'NoSuchLocation',
      { locationConstraint: 'l'.repeat(257) },
      { code: 'InvalidLocationConstraint', details: { locationConstraint: 'l'.repeat(256) } },
    ],
    [
      'InvalidExpectedOwner',
      { expected: 'me' },
      {
        code: 'InvalidBucketOwnerAWSAccountID',
        message: 'The value of the expected bucket owner parameter must be an AWS Account ID... [me]',
      },
    ],
    ['InvalidAccessLog', { problem: 'destination-missing' }, { code: 'InvalidTargetBucketForLogging' }],
    ['InvalidAccessLog', { problem: 'destination-not-wanted' }, { code: 'InvalidTargetBucketForLogging' }],
    [
      'InvalidAccessLog',
      { problem: 'destination-unfit', destination: 'other' },
      { code: 'InvalidTargetBucketForLogging' },
    ],
    [
      'InvalidTag',
      { problem: 'key-length', tagKey: 'k', length: 129 },
      {
        code: 'InvalidTag',
        message: "a tag's key must have 1 to 128 characters, got 129",
        details: { tagKey: 'k' },
      },
    ],
    [
      'InvalidTag',
      { problem: 'key-length', tagKey: undefined },
      {
        code: 'InvalidTag',
        message: "a tag's key must have 1 to 128 characters, got 0",
        details: { tagKey: '' },
      },
    ],
    [
      'InvalidTag',
      { problem: 'value-length', tagKey: 'k', tagValue: 'v'.repeat(300), length: 300 },
      {
        code: 'InvalidTag',
        message: "a tag's value may have 256 characters, got 300",
        details: { tagKey: 'k', tagValue: 'v'.repeat(256) },
      },
    ],
    [
      'InvalidTag',
      { problem: 'key-text', tagKey: 'k\\u0001' },
      {
        code: 'InvalidTag',
        message: 'The TagKey you have provided is invalid',
        details: { tagKey: 'k\\u0001' },
      },
    ],
    [
      'InvalidTag',
      { problem: 'value-text', tagKey: 'k', tagValue: 'v' },
      {
        code: 'InvalidTag',
        message: 'The TagValue you have provided is invalid',
        details: { tagKey: 'k', tagValue: 'v' },
      },
    ],
    [
      'InvalidTag',
      { problem: 'reserved', tagKey: 'aws:k' },
      {
        code: 'InvalidTag',
        message: 'Your TagKey cannot be prefixed with aws:',
        details: { tagKey: 'aws:k' },
      },
    ],
    [
      'InvalidTag',
      { problem: 'repeated', tagKey: 'k'.repeat(130) },
      {
        code: 'InvalidTag',
        message: 'Cannot provide multiple Tags with the same key',
        details: { tagKey: 'k'.repeat(128) },
      },
    ],
    [
      'TooManyTags',
      { of: 'bucket', count: 51, countMax: 50 },
      { code: 'BadRequest', message: 'Bucket tags cannot be greater than 50' },
    ],
    [
      'TooManyTags',
      { of: 'object', count: 11, countMax: 10 },
      { code: 'BadRequest', message: 'Object tags cannot be greater than 10' },
    ],
    [
      'RuleIdTooLong',
      { lengthMax: 255 },
      { code: 'InvalidArgument', message: 'ID length should not exceed allowed limit of 255' },
    ],
    [
      'RuleIdRepeated',
      { ruleId: 'r' },
      { code: 'InvalidArgument', message: 'Rule ID must be unique. Found same ID for more than one rule: r' },
    ],
    [
      'RuleSizesCrossed',
      { ruleId: 'r' },
      {
        code: 'InvalidRequest',
        message: "'ObjectSizeLessThan' must be greater than 'ObjectSizeGreaterThan'; rule r",
      },
    ],
    [
      'RuleSizeNegative',
      { ruleId: 'r', size: 'sizeGreaterThanBytes', got: -1 },
      { code: 'InvalidArgument', message: "'ObjectSizeGreaterThan' must not be negative, got -1; rule r" },
    ],
    [
      'RuleSizeNegative',
      { ruleId: 'r', size: 'sizeLessThanBytes', got: -1 },
      { code: 'InvalidArgument', message: "'ObjectSizeLessThan' must not be negative, got -1; rule r" },
    ],
    [
      'RuleTagRepeated',
      { ruleId: 'r' },
      { code: 'InvalidRequest', message: 'Duplicate Tag Keys are not allowed; rule r' },
    ],
    [
      'RuleFormsMixed',
      {},
      {
        code: 'InvalidRequest',
        message:
          'Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.',
      },
    ],
    [
      'RulePrefixesOverlap',
      { prefix: 'a', otherPrefix: 'ab', action: 'expiration' },
      {
        code: 'InvalidRequest',
        message: "Found overlapping prefixes 'a' and 'ab' for same action type 'Expiration'",
      },
    ],
    [
      'RulePrefixesOverlap',
      { prefix: 'a', otherPrefix: 'ab', action: 'noncurrentVersionExpiration' },
      {
        code: 'InvalidRequest',
        message: "Found overlapping prefixes 'a' and 'ab' for same action type 'NoncurrentVersionExpiration'",
      },
    ],
    [
      'RulePrefixesOverlap',
      { prefix: 'a', otherPrefix: 'ab', action: 'abortIncompleteMultipartUpload' },
      {
        code: 'InvalidRequest',
        message:
          "Found overlapping prefixes 'a' and 'ab' for same action type 'AbortIncompleteMultipartUpload'",
      },
    ],
    [
      'RuleWithoutAction',
      { ruleId: 'r' },
      { code: 'InvalidRequest', message: 'At least one action needs to be specified in a rule; rule r' },
    ],
    [
      'RuleSelectsTooFinely',
      { ruleId: 'r', what: 'expiredObjectDeleteMarker' },
      {
        code: 'InvalidRequest',
        message: 'ExpiredObjectDeleteMarker cannot be specified with tags or sizes; rule r',
      },
    ],
    [
      'RuleSelectsTooFinely',
      { ruleId: 'r', what: 'abortIncompleteMultipartUpload' },
      {
        code: 'InvalidRequest',
        message: 'AbortIncompleteMultipartUpload cannot be specified with tags or sizes; rule r',
      },
    ],
    [
      'NewerVersionsOutOfRange',
      { ruleId: 'r', got: 101, countMax: 100 },
      { code: 'InvalidArgument', message: 'NewerNoncurrentVersions must be 1–100, got 101; rule r' },
    ],
    [
      'ExpirationAmbiguous',
      { ruleId: 'r' },
      {
        code: 'MalformedXML',
        message: 'Expiration takes one of Days, Date and ExpiredObjectDeleteMarker; rule r',
      },
    ],
    [
      'RuleDateNotMidnight',
      { ruleId: 'r', date: 1 },
      {
        code: 'InvalidArgument',
        message: "'Date' must be at midnight GMT, got 1970-01-01T00:00:00.001Z; rule r",
      },
    ],
    [
      'RuleDaysMissing',
      { ruleId: 'r', days: 'days' },
      { code: 'MalformedXML', message: 'Days must be specified; rule r' },
    ],
    [
      'RuleDaysMissing',
      { ruleId: 'r', days: 'noncurrentDays' },
      { code: 'MalformedXML', message: 'NoncurrentDays must be specified; rule r' },
    ],
    [
      'RuleDaysMissing',
      { ruleId: 'r', days: 'daysAfterInitiation' },
      { code: 'MalformedXML', message: 'DaysAfterInitiation must be specified; rule r' },
    ],
    [
      'RuleDaysOutOfRange',
      { ruleId: 'r', days: 'days', got: 0 },
      { code: 'InvalidArgument', message: "'Days' must be a positive integer, got 0; rule r" },
    ],
    [
      'RuleDaysOutOfRange',
      { ruleId: 'r', days: 'noncurrentDays', got: 0 },
      { code: 'InvalidArgument', message: "'NoncurrentDays' must be a positive integer, got 0; rule r" },
    ],
    [
      'RuleDaysOutOfRange',
      { ruleId: 'r', days: 'daysAfterInitiation', got: 0 },
      { code: 'InvalidArgument', message: "'DaysAfterInitiation' must be a positive integer, got 0; rule r" },
    ],
    [
      'InvalidPageSize',
      { limit: 'maxKeys', wanted: -1 },
      {
        code: 'InvalidArgument',
        message: 'max-keys must be 0 or more, got -1',
        details: { argumentName: 'max-keys', argumentValue: '-1' },
      },
    ],
    [
      'InvalidPageSize',
      { limit: 'maxParts', wanted: -1 },
      {
        code: 'InvalidArgument',
        message: 'max-parts must be 0 or more, got -1',
        details: { argumentName: 'max-parts', argumentValue: '-1' },
      },
    ],
    [
      'InvalidPageSize',
      { limit: 'maxUploads', wanted: -1 },
      {
        code: 'InvalidArgument',
        message: 'max-uploads must be 0 or more, got -1',
        details: { argumentName: 'max-uploads', argumentValue: '-1' },
      },
    ],
    [
      'InvalidContinuationToken',
      {},
      {
        code: 'InvalidArgument',
        message: 'The continuation token provided is incorrect',
        details: { argumentName: 'continuation-token' },
      },
    ],
    [
      'UnsupportedDelimiter',
      {},
      { code: 'NotImplemented', message: 'A delimiter with U+0000 or U+0001 is not supported here.' },
    ],
    [
      'InvalidVersionMarker',
      { versionIdMarker: 'v1', problem: 'no-version-id' },
      {
        code: 'InvalidArgument',
        message: 'Invalid version id specified',
        details: { argumentName: 'version-id-marker', argumentValue: 'v1' },
      },
    ],
    [
      'InvalidVersionMarker',
      { versionIdMarker: 'v1', problem: 'no-key-marker' },
      {
        code: 'InvalidArgument',
        message: 'A version-id marker cannot be specified without a key marker.',
        details: { argumentName: 'version-id-marker', argumentValue: 'v1' },
      },
    ],
    ['NoSuchKey', { objectKey: 'a/b' }, { code: 'NoSuchKey', details: { key: 'a/b' } }],
    [
      'NoSuchVersion',
      { objectKey: 'a/b', versionId: 'v1' },
      { code: 'NoSuchVersion', details: { key: 'a/b', versionId: 'v1' } },
    ],
    [
      'InvalidVersionId',
      { versionId: 'v1' },
      {
        code: 'InvalidArgument',
        message: 'Invalid version id specified',
        details: { argumentName: 'versionId', argumentValue: 'v1' },
      },
    ],
    [
      'VersionIsDeleteMarker',
      { objectKey: 'a/b', versionId: 'v1', lastModified: 0, isNamed: true },
      {
        code: 'MethodNotAllowed',
        details: {
          deleteMarker: true,
          versionId: 'v1',
          lastModified: 0,
          allow: 'DELETE',
          resourceType: 'DeleteMarker',
        },
      },
    ],
    [
      'VersionIsDeleteMarker',
      { objectKey: 'a/b', versionId: 'v1', lastModified: 0, isNamed: false },
      { code: 'NoSuchKey', details: { key: 'a/b', deleteMarker: true, versionId: 'v1', lastModified: 0 } },
    ],
    [
      'PreconditionFailed',
      { condition: 'ifMatch' },
      { code: 'PreconditionFailed', details: { condition: 'If-Match' } },
    ],
    [
      'PreconditionFailed',
      { condition: 'ifNoneMatch' },
      { code: 'PreconditionFailed', details: { condition: 'If-None-Match' } },
    ],
    [
      'PreconditionFailed',
      { condition: 'ifModifiedSince' },
      { code: 'PreconditionFailed', details: { condition: 'If-Modified-Since' } },
    ],
    [
      'PreconditionFailed',
      { condition: 'ifUnmodifiedSince' },
      { code: 'PreconditionFailed', details: { condition: 'If-Unmodified-Since' } },
    ],
    [
      'PreconditionFailed',
      { condition: 'ifMatchLastModified' },
      { code: 'PreconditionFailed', details: { condition: 'x-amz-if-match-last-modified-time' } },
    ],
    [
      'PreconditionFailed',
      { condition: 'ifMatchSize' },
      { code: 'PreconditionFailed', details: { condition: 'x-amz-if-match-size' } },
    ],
    [
      'PreconditionFailed',
      { condition: 'ifMatch', isOfSource: true },
      { code: 'PreconditionFailed', details: { condition: 'x-amz-copy-source-If-Match' } },
    ],
    ['PreconditionFailed', { condition: null }, { code: 'PreconditionFailed' }],
    [
      'TwoWriteConditions',
      {},
      {
        code: 'NotImplemented',
        message: 'If-Match and If-None-Match exclude each other on a write.',
        details: {
          header: 'If-Match,If-None-Match',
          additionalMessage: 'Multiple conditional request headers present in the request',
        },
      },
    ],
    [
      'DamagedObject',
      {},
      {
        code: 'InternalError',
        message:
          'What is stored here is damaged and cannot be read. It can be overwritten and deleted. The log of the server tells where the damage is.',
      },
    ],
    ['NoSuchPart', { partNumber: 3 }, { code: 'InvalidPart', details: { partNumber: 3 } }],
    ['EmptyObjectKey', {}, { code: 'InvalidArgument', message: 'The key must have 1 byte or more.' }],
    [
      'ObjectKeyTooLong',
      { sizeBytes: 1025, sizeBytesMax: 1024 },
      { code: 'KeyTooLongError', details: { size: 1025, maxSizeAllowed: 1024 } },
    ],
    [
      'TooManyZeroBytes',
      { countMax: 9 },
      { code: 'KeyTooLongError', message: 'The key has more than 9 zero bytes.' },
    ],
    [
      'BodyTooLarge',
      { sizeBytes: 9, sizeBytesMax: 8 },
      { code: 'EntityTooLarge', details: { proposedSize: 9, maxSizeAllowed: 8 } },
    ],
    [
      'MetadataTooLarge',
      { sizeBytes: 2049, sizeBytesMax: 2048 },
      { code: 'MetadataTooLarge', details: { size: 2049, maxSizeAllowed: 2048 } },
    ],
    ['InvalidRedirectLocation', { problem: 'form', lengthMax: 2048 }, { code: 'InvalidRedirectLocation' }],
    [
      'InvalidRedirectLocation',
      { problem: 'length', lengthMax: 2048 },
      {
        code: 'InvalidRedirectLocation',
        message: 'The length of website redirect location cannot exceed 2,048 characters.',
      },
    ],
    [
      'InvalidStorageClass',
      { storageClass: 'S'.repeat(257) },
      { code: 'InvalidStorageClass', details: { storageClassRequested: 'S'.repeat(256) } },
    ],
    [
      'CopySourceTooLarge',
      { sizeBytesMax: 8 },
      {
        code: 'InvalidRequest',
        message: 'The specified copy source is larger than the maximum allowable size for a copy source: 8',
      },
    ],
    [
      'CopySourceIsDeleteMarker',
      {},
      {
        code: 'InvalidRequest',
        message: 'The source of a copy request may not specifically refer to a delete marker by version id.',
      },
    ],
    [
      'CopyOntoItself',
      {},
      {
        code: 'InvalidRequest',
        message:
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      },
    ],
    ['InvalidBatchSize', { count: 1001, countMax: 1000 }, { code: 'MalformedXML' }],
    [
      'BucketWithoutObjectLock',
      {},
      { code: 'InvalidRequest', message: 'Bucket is missing Object Lock Configuration' },
    ],
    ['NoSuchLock', {}, { code: 'NoSuchObjectLockConfiguration' }],
    [
      'VersionLocked',
      { lock: 'legal hold' },
      { code: 'AccessDenied', message: 'The object version is under legal hold.' },
    ],
    [
      'VersionLocked',
      { lock: 'GOVERNANCE' },
      { code: 'AccessDenied', message: 'The object version is retained in GOVERNANCE mode.' },
    ],
    [
      'RetentionIncomplete',
      { of: 'new-object', mode: 'GOVERNANCE' },
      {
        code: 'InvalidArgument',
        message: 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
        details: { argumentName: 'x-amz-object-lock-mode', argumentValue: 'GOVERNANCE' },
      },
    ],
    [
      'RetentionIncomplete',
      { of: 'new-object', mode: undefined },
      {
        code: 'InvalidArgument',
        message: 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
        details: { argumentName: 'x-amz-object-lock-mode', argumentValue: '' },
      },
    ],
    ['RetentionIncomplete', { of: 'version', mode: 'GOVERNANCE' }, { code: 'MalformedXML' }],
    [
      'RetainUntilPast',
      {},
      { code: 'InvalidArgument', message: 'The retain until date must be in the future!' },
    ],
    ['InvalidDefaultRetention', { problem: 'incomplete' }, { code: 'MalformedXML' }],
    [
      'InvalidDefaultRetention',
      { problem: 'not-positive' },
      {
        code: 'InvalidRetentionPeriod',
        message: 'Default retention period must be a positive integer value.',
      },
    ],
    [
      'InvalidDefaultRetention',
      { problem: 'too-long' },
      { code: 'InvalidRetentionPeriod', message: 'Default retention period too large.' },
    ],
    [
      'LegalHoldOfAccount',
      {},
      {
        code: 'AccessDenied',
        message: 'The account set this legal hold: a key of the bucket cannot lift it.',
      },
    ],
    [
      'RetentionBelowDefault',
      {},
      {
        code: 'AccessDenied',
        message: "A key of the bucket cannot ask for less than the bucket's default retention.",
      },
    ],
    [
      'NothingToBypass',
      {},
      {
        code: 'InvalidArgument',
        message: 'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
        details: { argumentName: 'x-amz-bypass-governance-retention' },
      },
    ],
    [
      'AnonymousOverrides',
      {},
      {
        code: 'InvalidRequest',
        message: 'Request specific response headers cannot be used for anonymous GET requests.',
      },
    ],
    [
      'TwoEncryptions',
      { method: 'AES256' },
      {
        code: 'InvalidArgument',
        message:
          'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
        details: { argumentName: 'x-amz-server-side-encryption', argumentValue: 'AES256' },
      },
    ],
    [
      'CustomerKeyMissing',
      {},
      {
        code: 'InvalidRequest',
        message:
          'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
      },
    ],
    [
      'CustomerKeyWrong',
      { of: 'object' },
      {
        code: 'AccessDenied',
        message: 'The provided encryption parameters did not match the ones used originally.',
      },
    ],
    [
      'CustomerKeyWrong',
      { of: 'upload' },
      {
        code: 'InvalidRequest',
        message: 'The provided encryption parameters did not match the ones used originally.',
      },
    ],
    [
      'CustomerKeyNotNeeded',
      {},
      { code: 'InvalidRequest', message: 'The encryption parameters are not applicable to this object.' },
    ],
    [
      'CustomerKeysBlocked',
      {},
      {
        code: 'AccessDenied',
        message:
          'The bucket blocks server side encryption with customer provided keys (SSE-C) for new objects.',
      },
    ],
    [
      'UploadEncryptionDiffers',
      {},
      {
        code: 'InvalidRequest',
        message: 'The upload was not begun with the server side encryption that the request asks for.',
      },
    ],
    ['NoSuchUpload', { uploadId: 'u' }, { code: 'NoSuchUpload', details: { uploadId: 'u' } }],
    [
      'AnonymousUpload',
      { step: 'beginning' },
      {
        code: 'AccessDenied',
        message: 'Anonymous users cannot initiate multipart uploads.  Please authenticate.',
      },
    ],
    ['AnonymousUpload', { step: 'continuation' }, { code: 'AccessDenied' }],
    [
      'InvalidPartNumber',
      { partNumber: 0, partNumberMax: 10000 },
      {
        code: 'InvalidArgument',
        message: 'Part number must be an integer between 1 and 10000, inclusive',
        details: { argumentName: 'partNumber', argumentValue: '0' },
      },
    ],
    [
      'PartChecksumTypeDiffers',
      { expected: 'CRC32', given: 'SHA1' },
      {
        code: 'InvalidRequest',
        message: 'Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: sha1',
      },
    ],
    [
      'PartChecksumTypeDiffers',
      { expected: 'CRC32', given: null },
      {
        code: 'InvalidRequest',
        message: 'Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: null',
      },
    ],
    [
      'CopyRangeBeyondSource',
      { sizeBytes: 9, start: 9, end: 10 },
      { code: 'InvalidRequest', message: 'The specified copy range is invalid for the source object size' },
    ],
    [
      'CopyRangeBeyondSource',
      { sizeBytes: 9, start: 8, end: 9 },
      {
        code: 'InvalidArgument',
        message: 'Range specified is not valid for source object of size: 9',
        details: { argumentName: 'x-amz-copy-source-range', argumentValue: 'bytes=8-9' },
      },
    ],
    [
      'ChecksumTypeAlone',
      {},
      {
        code: 'InvalidRequest',
        message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      },
    ],
    [
      'ChecksumTypeImpossible',
      { type: 'FULL_OBJECT', algorithm: 'SHA1' },
      {
        code: 'InvalidRequest',
        message: 'The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.',
      },
    ],
    ['NoParts', {}, { code: 'MalformedXML', message: 'You must specify at least one part' }],
    [
      'TooManyParts',
      { count: 10001, countMax: 10000 },
      { code: 'MalformedXML', message: 'An upload has up to 10000 parts, got 10001.' },
    ],
    ['PartNumberBelowOne', {}, { code: 'InvalidArgument', message: 'PartNumber must be >= 1' }],
    ['PartsOutOfOrder', {}, { code: 'InvalidPartOrder' }],
    [
      'ChecksumTypeDiffers',
      { type: 'COMPOSITE' },
      {
        code: 'InvalidRequest',
        message:
          'The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.',
      },
    ],
    ['AssembledObjectTooLarge', { sizeBytes: 9, sizeBytesMax: 8 }, { code: 'EntityTooLarge' }],
    [
      'AssembledSizeDiffers',
      { sizeBytes: 9, expectedBytes: 8 },
      { code: 'InvalidRequest', message: 'The object has 9 bytes, x-amz-mp-object-size says 8.' },
    ],
    [
      'PartChecksumMissing',
      { algorithm: 'CRC32', partNumber: 3 },
      {
        code: 'InvalidRequest',
        message:
          'The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 3 in the request.',
      },
    ],
    [
      'PartChecksumUnknown',
      { algorithm: 'CRC32', partNumber: 3 },
      { code: 'BadDigest', message: 'The crc32 you specified for part 3 did not match what we received.' },
    ],
    [
      'PartDiffers',
      { partNumber: 3, etag: 'e' },
      { code: 'InvalidPart', details: { partNumber: 3, ETag: 'e' } },
    ],
    [
      'PartTooSmall',
      { partNumber: 3, etag: 'e', sizeBytes: 8, sizeBytesMin: 9 },
      { code: 'EntityTooSmall', details: { ETag: 'e', minSizeAllowed: 9, partNumber: 3, proposedSize: 8 } },
    ],
    ['AssembledChecksumDiffers', {}, { code: 'BadDigest' }],
  ]
  for (const [kind, fields, form] of table)
    it(`${kind} ${JSON.stringify(fields).slice(0, 100)} is ${JSON.stringify(form).slice(0, 100)}`, () =>
      assert.deepEqual(s3FormOf(new DomainError(kind, fields as never)), form))

  it('is a fault of this server where no operation meets it', () => {
    const error = new DomainError('TooManyAccessKeys', { bucketName: 'mine' })
    assert.throws(() => s3FormOf(error), error)
  })
})
