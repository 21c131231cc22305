import type { Operation } from '../operation.ts'
import type { S3ErrorCode } from './errors.ts'

type Codes = readonly S3ErrorCode[]

/** What any request may be refused with, before its operation is asked: reading, signature, bucket, rights, arguments, the stores. */
const COMMON: Codes = [
  'AccessDenied',
  'AuthorizationHeaderMalformed',
  'AuthorizationQueryParametersError',
  'ExpiredToken',
  'IncompleteBody',
  'InternalError',
  'InvalidAccessKeyId',
  'InvalidArgument',
  'InvalidBucketName',
  'InvalidBucketOwnerAWSAccountID',
  'InvalidRequest',
  'InvalidToken',
  'InvalidURI',
  'KeyTooLongError',
  'MissingContentLength',
  'NoSuchBucket',
  'NotImplemented',
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'ServiceUnavailable',
  'SignatureDoesNotMatch',
  'SlowDown',
  'XAmzContentSHA256Mismatch',
]

/** What a body may be refused with, whatever it is for. */
const OF_BODIES: Codes = ['BadDigest', 'InvalidChunkSizeError', 'InvalidDigest', 'MalformedTrailerError']

const OF_DOCUMENTS: Codes = ['MalformedXML', 'MaxMessageLengthExceeded', 'MissingRequestBodyError']

/** Of operations on a version that must be there: it is not, or is a delete marker. */
export const versionErrors: Codes = ['MethodNotAllowed', 'NoSuchKey', 'NoSuchVersion']

/** Of If-Match and If-None-Match of a write. */
export const writeConditionErrors: Codes = ['NoSuchKey', 'PreconditionFailed']

/** Of the object that a copy reads, and of the conditions on it. */
export const copySourceErrors: Codes = [
  'InvalidEncryptionAlgorithmError',
  'NoSuchKey',
  'NoSuchVersion',
  'PreconditionFailed',
]

/** Of what a request that makes an object says about it besides its bytes. */
export const newObjectErrors: Codes = [
  'AccessControlListNotSupported',
  'BadRequest',
  'InvalidEncryptionAlgorithmError',
  'InvalidRedirectLocation',
  'InvalidStorageClass',
  'InvalidTag',
  'MetadataTooLarge',
  'UnresolvableGrantByEmailAddress',
]

/** Of an ACL that is put: as a document, ready-made, or by grants in headers. */
export const givenAclErrors: Codes = [
  'AccessControlListNotSupported',
  'MalformedACLError',
  'MissingSecurityHeader',
  'UnexpectedContent',
  'UnresolvableGrantByEmailAddress',
]

/** Of tags in a document. */
export const tagErrors: Codes = ['BadRequest', 'InvalidTag']

/** All codes that an operation of S3's API may be refused with: its own, those of the kind of body that it takes, and those of every request. */
export function errorsOf({ errors, input }: Operation): ReadonlySet<string> {
  const payload = Object.values(input.members).find(({ location }) => location?.in === 'payload')
  return new Set([
    ...errors,
    ...COMMON,
    ...(payload ? OF_BODIES : []),
    ...(payload && payload.shape.type !== 'stream' ? OF_DOCUMENTS : []),
  ])
}
