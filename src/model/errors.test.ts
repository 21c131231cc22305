import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lightsailErrors } from './lightsail/errors.ts'
import { s3Errors } from './s3/errors.ts'

/** The codes of each status, as programs know them. */
const S3: Readonly<Record<number, readonly string[]>> = {
  400: [
    ...['AccessControlListNotSupported', 'AuthorizationHeaderMalformed', 'AuthorizationQueryParametersError'],
    ...['BadDigest', 'BadRequest', 'EntityTooLarge', 'EntityTooSmall', 'ExpiredToken'],
    ...['IllegalLocationConstraintException', 'IllegalVersioningConfigurationException', 'IncompleteBody'],
    ...[
      'InvalidArgument',
      'InvalidBucketAclWithBlockPublicAccessError',
      'InvalidBucketAclWithObjectOwnership',
    ],
    ...['InvalidBucketName', 'InvalidBucketOwnerAWSAccountID', 'InvalidDigest'],
    ...['InvalidEncryptionAlgorithmError', 'InvalidLocationConstraint', 'InvalidPart', 'InvalidPartOrder'],
    ...['InvalidPolicyDocument', 'InvalidRedirectLocation', 'InvalidRequest', 'InvalidRetentionPeriod'],
    ...['InvalidStorageClass', 'InvalidTag', 'InvalidTargetBucketForLogging', 'InvalidToken', 'InvalidURI'],
    ...['KeyTooLongError', 'MalformedACLError', 'MalformedPOSTRequest', 'MalformedPolicy'],
    ...['MalformedTrailerError', 'MalformedXML', 'MaxMessageLengthExceeded', 'MaxPostPreDataLengthExceeded'],
    ...['MetadataTooLarge', 'MissingRequestBodyError', 'MissingSecurityHeader'],
    ...['RequestHeaderSectionTooLarge', 'RequestTimeout', 'TooManyBuckets', 'UnexpectedContent'],
    ...['UnresolvableGrantByEmailAddress', 'XAmzContentSHA256Mismatch'],
  ],
  403: [
    ...['AccessDenied', 'AccessForbidden', 'InvalidAccessKeyId', 'InvalidChunkSizeError'],
    ...['RequestTimeTooSkewed', 'SignatureDoesNotMatch'],
  ],
  404: [
    ...['NoSuchBucket', 'NoSuchBucketPolicy', 'NoSuchCORSConfiguration', 'NoSuchKey'],
    ...['NoSuchLifecycleConfiguration', 'NoSuchObjectLockConfiguration'],
    ...['NoSuchPublicAccessBlockConfiguration', 'NoSuchTagSet', 'NoSuchUpload', 'NoSuchVersion'],
    ...['ObjectLockConfigurationNotFoundError', 'OwnershipControlsNotFoundError'],
    'ServerSideEncryptionConfigurationNotFoundError',
  ],
  405: ['MethodNotAllowed'],
  409: ['BucketAlreadyExists', 'BucketAlreadyOwnedByYou', 'BucketNotEmpty', 'InvalidBucketState'],
  411: ['MissingContentLength'],
  412: ['PreconditionFailed'],
  416: ['InvalidRange'],
  500: ['InternalError'],
  501: ['NotImplemented'],
  503: ['ServiceUnavailable', 'SlowDown'],
  507: ['InsufficientStorage'],
}

const LIGHTSAIL: Readonly<Record<number, readonly string[]>> = {
  400: [
    ...['AccessDeniedException', 'AccountSetupInProgressException', 'ExpiredTokenException'],
    ...['IncompleteSignatureException', 'InvalidInputException', 'NotFoundException'],
    ...['OperationFailureException', 'RegionSetupInProgressException', 'SerializationException'],
    ...['UnauthenticatedException', 'UnknownOperationException'],
  ],
  403: ['InvalidSignatureException', 'MissingAuthenticationTokenException', 'UnrecognizedClientException'],
  413: ['RequestEntityTooLargeException'],
  500: ['ServiceException'],
  503: ['ServiceUnavailableException'],
}

/** The codes by status, sorted. */
function byStatus(statuses: Readonly<Record<string, number>>): object {
  const found: Record<number, string[]> = {}
  for (const [code, status] of Object.entries(statuses)) (found[status] ??= []).push(code)
  for (const codes of Object.values(found)) codes.sort()
  return found
}

const sorted = (codes: Readonly<Record<number, readonly string[]>>): object =>
  Object.fromEntries(Object.entries(codes).map(([status, list]) => [status, [...list].sort()]))

describe('the status of an error', () => {
  it('of S3 follows from its code, and each has a sentence', () => {
    const statuses = Object.fromEntries(Object.entries(s3Errors).map(([code, { status }]) => [code, status]))
    assert.deepEqual(byStatus(statuses), sorted(S3))
    for (const [code, { message }] of Object.entries(s3Errors))
      assert.match(message, /^[A-Z].* .*[\w.!]$/, code)
  })

  it('of Lightsail’s API follows from its code', () =>
    assert.deepEqual(byStatus(lightsailErrors), sorted(LIGHTSAIL)))
})
