import { percentEncodePath } from '../base/percent-encoding.ts'
import type { LightsailErrorCode } from '../model/lightsail/errors.ts'
import { TAG_KEY_LENGTH_MAX, TAG_VALUE_LENGTH_MAX } from '../model/s3/shapes/tag.ts'
import { describeCorsFault } from './describe-cors-fault.ts'
import type { AccessErrors } from '../service/errors/access.ts'
import type { BucketUse } from '../service/errors/bucket.ts'
import type { DomainError, DomainErrorKind, DomainErrors } from '../service/errors/domain-error.ts'
import type { EncryptionErrors } from '../service/errors/encryption.ts'
import type { LifecycleErrors } from '../service/errors/lifecycle.ts'
import type { LockErrors } from '../service/errors/lock.ts'
import type { ObjectErrors } from '../service/errors/object.ts'
import type { SessionErrors } from '../service/errors/session.ts'
import type { UploadErrors } from '../service/errors/upload.ts'

/** What no operation of Lightsail's API or Lugsail's own meets: what is S3's alone, or STS's. */
type NotMet =
  | keyof (AccessErrors &
      EncryptionErrors &
      LifecycleErrors &
      LockErrors &
      ObjectErrors &
      SessionErrors &
      UploadErrors)
  | 'BucketNotEmpty'
  | 'BucketOwnedAlready'
  | 'InvalidBucketName'
  | 'InvalidContinuationToken'
  | 'InvalidExpectedOwner'
  | 'InvalidPageSize'
  | 'InvalidVersionMarker'
  | 'LocationElsewhere'
  | 'NoSuchLocation'
  | 'NoSuchSetting'
  | 'ObjectLockNeedsVersioning'
  | 'UnsupportedDelimiter'

/** An error as Lightsail's API answers it; its status is in the catalogue (model/lightsail/errors.ts). */
interface ControlErrorForm {
  readonly code: LightsailErrorCode
  readonly message: string
}

type Row<Fields> = ControlErrorForm | ((fields: Fields) => ControlErrorForm)

const invalidInput = (message: string): ControlErrorForm => ({ code: 'InvalidInputException', message })
const notFound = (what: string, name: string): ControlErrorForm => ({
  code: 'NotFoundException',
  message: `The ${what} does not exist: ${name}`,
})
const unavailable = (message: string): ControlErrorForm => ({ code: 'ServiceUnavailableException', message })
/** What a client sent, such that it cannot be taken for words of the message. */
const quoted = (text: string, lengthMax = 100): string => JSON.stringify(text.slice(0, lengthMax))

const ACCESS_LOG_MESSAGES = {
  'destination-missing': () => 'accessLogConfig with enabled true needs a destination',
  'destination-not-wanted': () => 'accessLogConfig with enabled false takes neither destination nor prefix',
  'destination-unfit': (destination: string) =>
    `The access log destination must be a bucket of the same account and region; ${destination} is not`,
} as const

const SELECTION_MESSAGES = {
  'cors-of-all': 'includeCors is allowed only together with bucketName',
  'page-of-one': 'pageToken is not allowed together with bucketName',
} as const

const METRIC_MESSAGES = {
  'ends-before-it-begins': () => 'startTime must be before endTime',
  period: (got: number) => `period must be a multiple of 60; got ${got}`,
  'too-many-points': (got: number) => `The range holds more than ${got} points; ask for fewer days`,
} as const

/** Every expected failure of the rules as Lightsail's API and Lugsail's own answer it: the one place that knows. */
const CONTROL_FORMS: { readonly [Kind in Exclude<DomainErrorKind, NotMet>]: Row<DomainErrors[Kind]> } = {
  // Access keys
  AccessKeyStopped: ({ why }) =>
    why === 'token-expired'
      ? {
          code: 'ExpiredTokenException',
          message: 'The security token included in the request is expired',
        }
      : {
          code: 'UnrecognizedClientException',
          message: 'The security token included in the request is invalid.',
        },
  NoSuchAccessKey: ({ bucketName }) =>
    notFound('AccessKey', `the bucket ${bucketName} has no access key of that id`),
  NoPlaceForSuccessor: ({ bucketName, accessKeyId }) =>
    invalidInput(
      `The bucket ${bucketName} has two access keys, which is the most it may have, so that there is no place for a successor. Delete ${accessKeyId} first, or rotate with retireInSeconds 0: the old key then leaves its place at once.`,
    ),
  TooManyAccessKeys: ({ bucketName }) =>
    invalidInput(
      `The bucket ${bucketName} has two access keys already, which is the most it may have. Delete one of them first.`,
    ),

  // Application keys
  NoSuchKeyId: ({ accessKeyId }) => notFound('AccessKey', `the account has none of the id ${accessKeyId}`),
  NoSuchApplicationKey: ({ keyName }) => notFound('AccessKey', `the account has none named ${keyName}`),
  ApplicationKeyExists: ({ keyName }) =>
    invalidInput(`The account has an access key named ${keyName} already`),
  AccessKeyIdTaken: ({ accessKeyId }) =>
    invalidInput(`There is an access key of the id ${accessKeyId} already`),
  TooManyApplicationKeys: ({ count }) =>
    invalidInput(`The account has ${count} application keys, which is the most it may have`),
  InvalidApplicationKey: ({ problem }) => invalidInput(problem),

  // Roles
  NoSuchRole: ({ roleName }) => notFound('Role', `the account has none named ${roleName}`),
  RoleExists: ({ roleName }) => invalidInput(`The account has a role named ${roleName} already`),
  TooManyRoles: ({ count }) => invalidInput(`The account has ${count} roles, which is the most it may have`),

  // Accounts
  NoSuchAccount: ({ account }) => notFound('Account', account.slice(0, 100)),
  AccountExists: ({ accountName }) => invalidInput(`An account named ${accountName} exists already`),
  InvalidAccountName: ({ accountName }) =>
    invalidInput(
      `An account name has 1 to 64 letters, digits, spaces, dots, hyphens and underscores, starts and ends with a letter or digit, and is not 12 digits; got ${quoted(accountName)}`,
    ),
  FirstAccountStays: ({ accountName }) =>
    invalidInput(
      `The account ${accountName} looks after the others and cannot be deleted here; "lugsail account delete" on the server can`,
    ),
  AccountOwnsBuckets: ({ accountName }) =>
    invalidInput(`The account ${accountName} owns buckets; delete them first`),
  AccountMayNotManage: ({ accountName, firstAccountName }) => ({
    code: 'AccessDeniedException',
    message: `The account ${accountName} may not look after the accounts of this server; the first account, ${firstAccountName}, may.`,
  }),
  LastRootKey: ({ accountName }) =>
    invalidInput(`The account ${accountName} has one root key pair, which must stay; rotate it`),
  NoSuchRootKey: ({ accountName, accessKeyId = '' }) => ({
    code: 'NotFoundException',
    message: `The account ${accountName} has no root key ${accessKeyId.slice(0, 100)}`,
  }),

  // Resources and operation records
  NoSuchResource: ({ resourceName }) => notFound('Resource', resourceName.slice(0, 300)),
  NoSuchInstance: ({ resourceName }) => notFound('Instance', resourceName),
  ResourceExists: ({ resourceName, region }) =>
    invalidInput(`A resource named ${resourceName} exists already in ${region}`),
  InvalidResourceName: ({ resourceName }) =>
    invalidInput(
      `A resource name has 2 to 255 letters, digits, underscores and hyphens, with no hyphen at either end; got ${quoted(resourceName, 300)}`,
    ),
  ResourceArnMismatch: ({ resourceName }) => invalidInput(`resourceArn is not the ARN of ${resourceName}`),
  NoSuchOperationRecord: ({ operationId }) => notFound('Operation', operationId),
  InvalidPageToken: invalidInput('The pageToken is not valid for this list.'),

  // Buckets
  NoSuchBucket: ({ bucketName }) => notFound('Bucket', bucketName),
  BucketNameTaken: ({ bucketName }) =>
    invalidInput(`The bucket name is already in use: ${bucketName}. Choose another.`),
  InvalidBucketSelection: ({ problem }) => invalidInput(SELECTION_MESSAGES[problem]),
  TooManyBuckets: ({ count }) =>
    invalidInput(`The account owns ${count} buckets already, which is the most it may`),
  AccountGone: { code: 'ServiceException', message: 'The account of this request is gone' },
  BucketInUse: ({ bucketName, uses }) =>
    invalidInput(
      `The bucket ${bucketName} cannot be deleted: ${uses.map(describeUse).join(', and ')}. Use forceDelete to delete it all the same.`,
    ),
  BucketHoldsLockedVersion: (fields) =>
    invalidInput(
      `The bucket ${fields.bucketName} cannot be deleted, by force neither: object lock keeps what it holds; ${describeLock(fields)}. Nothing was deleted.`,
    ),
  NoSuchBundle: ({ bundleId, bundleIds }) =>
    invalidInput(
      `The bundleId is not valid: expected one of ${bundleIds.join(', ')}; got ${quoted(bundleId)}`,
    ),
  SameBundle: ({ bucketName, bundleId }) =>
    invalidInput(`The bucket ${bucketName} has the bundle ${bundleId} already`),
  BundleChangedThisMonth: ({ bucketName, nextChangeAt }) =>
    invalidInput(
      `The bundle of the bucket ${bucketName} was changed in this monthly billing cycle already; it can be changed again from ${new Date(nextChangeAt).toISOString().slice(0, 10)} (UTC)`,
    ),
  InvalidVersioning: ({ versioning }) =>
    invalidInput(`versioning is not valid: expected Enabled or Suspended; got ${quoted(versioning)}`),
  VersioningNeededByObjectLock: invalidInput('Versioning cannot be suspended in a bucket with object lock'),
  InvalidCorsRules: (fault) => invalidInput(describeCorsFault(fault)),
  InvalidAccessLog: ({ problem, destination = '' }) =>
    invalidInput(ACCESS_LOG_MESSAGES[problem](destination)),
  InvalidReadonlyAccount: ({ accountId }) =>
    invalidInput(`readonlyAccessAccounts takes account ids of 12 digits; got ${quoted(accountId)}`),
  InvalidMetricRange: ({ problem, got = 0 }) => invalidInput(METRIC_MESSAGES[problem](got)),
  InvalidTag: (fields) => invalidInput(describeTag(fields)),
  TooManyTags: ({ count, countMax }) =>
    invalidInput(`A resource has at most ${countMax} tags; this would make ${count}`),

  // Tried in vain
  RecordBusy: unavailable('Too many requests change this resource at the same time. Try again.'),
  LocksBusy: unavailable('Too many objects are being locked in this bucket at the same time. Try again.'),
}

function describeUse(use: BucketUse): string {
  switch (use.by) {
    case 'content':
      return 'it holds objects or versions of objects'
    case 'access-keys':
      return 'it has access keys'
    case 'resources':
      return 'resources are attached to it'
    case 'access-log':
      return `it is the access log destination of ${use.of}`
  }
}

/** Keys come from anybody, so what is not plain is percent-encoded. */
function describeLock({
  objectKey,
  versionId,
  mode,
  retainUntil,
}: DomainErrors['BucketHoldsLockedVersion']): string {
  const why =
    mode === null || retainUntil === null
      ? 'is under legal hold'
      : `is retained in ${mode} mode until ${new Date(retainUntil).toISOString()}`
  return `version ${versionId} of object ${percentEncodePath(objectKey)} ${why}`
}

function describeTag({ problem, tagKey = '', length }: DomainErrors['InvalidTag']): string {
  switch (problem) {
    case 'key-length':
      return `A tag key has 1 to ${TAG_KEY_LENGTH_MAX} characters; got ${length ?? 'none'}`
    case 'key-text':
      return `A tag key has letters, digits, spaces and + - = . _ : / @ only; got ${JSON.stringify(tagKey)}`
    case 'reserved':
      return `Tag keys that start with aws: are reserved; got ${tagKey}`
    case 'repeated':
      return `tags has the key ${JSON.stringify(tagKey)} twice`
    case 'value-length':
    case 'value-text':
      return `The value of tag ${tagKey} has at most ${TAG_VALUE_LENGTH_MAX} letters, digits, spaces and + - = . _ : / @`
  }
}

/** What an expected failure of a rule is in Lightsail's API; null: nothing that an operation there meets. */
export function toControlForm(error: DomainError): ControlErrorForm | null {
  if (!(error.kind in CONTROL_FORMS)) return null
  const row: Row<never> = CONTROL_FORMS[error.kind as keyof typeof CONTROL_FORMS]
  return typeof row === 'function' ? row(error.fields as never) : row
}
