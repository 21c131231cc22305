import type { AuthenticationFailure, AuthenticationFailureReason } from '../auth/authentication-failure.ts'
import type { S3ErrorCode } from '../model/s3/errors.ts'
import { S3Error, type S3ErrorDetails } from './s3-error.ts'

/** What S3 answers to each way in which a request is not authenticated. */
const CODES: Readonly<Record<AuthenticationFailureReason, S3ErrorCode>> = {
  'signature-version-unsupported': 'InvalidRequest',
  'authorization-type-unsupported': 'InvalidArgument',
  'authorization-shapeless': 'InvalidArgument',
  'authorization-twofold': 'InvalidArgument',
  'authorization-malformed': 'AuthorizationHeaderMalformed',
  'query-malformed': 'AuthorizationQueryParametersError',
  'version-2-incomplete': 'AccessDenied',
  'version-2-expires-malformed': 'AccessDenied',
  'date-missing': 'AccessDenied',
  'date-scope-mismatch': 'AuthorizationHeaderMalformed',
  'service-wrong': 'AuthorizationHeaderMalformed',
  'region-wrong': 'AuthorizationHeaderMalformed',
  'request-skewed': 'RequestTimeTooSkewed',
  'request-expired': 'AccessDenied',
  'request-not-yet-valid': 'AccessDenied',
  'expires-out-of-range': 'AuthorizationQueryParametersError',
  'payload-hash-missing': 'InvalidRequest',
  'payload-hash-malformed': 'InvalidArgument',
  'payload-hash-unsigned': 'InvalidRequest',
  'headers-not-signed': 'AccessDenied',
  'session-token-expired': 'ExpiredToken',
  'session-token-invalid': 'InvalidToken',
  'access-key-unknown': 'InvalidAccessKeyId',
  'access-key-stopped': 'InvalidAccessKeyId',
  'signature-mismatch': 'SignatureDoesNotMatch',
  'chunk-signature-mismatch': 'SignatureDoesNotMatch',
  'form-field-missing': 'InvalidArgument',
  'form-field-malformed': 'InvalidArgument',
  'policy-malformed': 'InvalidPolicyDocument',
  'policy-refused': 'AccessDenied',
}

/** Another code for a fault of the scope that stands in the query. */
const CODES_OF_QUERY: Readonly<Partial<Record<AuthenticationFailureReason, S3ErrorCode>>> = {
  'date-scope-mismatch': 'AuthorizationQueryParametersError',
  'service-wrong': 'AuthorizationQueryParametersError',
  'region-wrong': 'AuthorizationQueryParametersError',
}

/** Failures whose message S3 keeps to its own text, which clients show or match. */
const KEEPS_CATALOGUE_TEXT: ReadonlySet<AuthenticationFailureReason> = new Set<AuthenticationFailureReason>([
  'request-skewed',
  'access-key-unknown',
  'signature-mismatch',
])

/** Messages of S3's that applications match on. */
const TEXTS: Readonly<Partial<Record<AuthenticationFailureReason, string>>> = {
  'request-expired': 'Request has expired',
  'request-not-yet-valid': 'Request is not valid yet',
  'authorization-type-unsupported': 'Unsupported Authorization Type',
  'date-missing': 'AWS authentication requires a valid Date or x-amz-date header',
  'headers-not-signed': 'There were headers present in the request which were not signed',
}

/** Details under the names that S3 gives them. */
const DETAIL_NAMES: Readonly<Record<string, string>> = {
  accessKeyId: 'AWSAccessKeyId',
  argumentName: 'ArgumentName',
  argumentValue: 'ArgumentValue',
  signatureProvided: 'SignatureProvided',
  stringToSign: 'StringToSign',
  canonicalRequest: 'CanonicalRequest',
  headersNotSigned: 'HeadersNotSigned',
  expectedRegion: 'Region',
  requestTime: 'RequestTime',
  serverTime: 'ServerTime',
  skewMillisecondsMax: 'MaxAllowedSkewMilliseconds',
  expiresSeconds: 'X-Amz-Expires',
  expires: 'Expires',
}

/** Texts that S3 shows once more byte by byte, for what an eye does not see. */
const WITH_BYTES: ReadonlySet<string> = new Set(['stringToSign', 'canonicalRequest'])

const spacedHex = (text: string): string =>
  Buffer.from(text)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')

/** The failure as the data plane answers it. */
export function authenticationError(failure: AuthenticationFailure): S3Error {
  const details: Record<string, S3ErrorDetails[string]> = {}
  for (const [name, value] of Object.entries(failure.details)) {
    const known = DETAIL_NAMES[name]
    if (known === undefined) continue
    details[known] = value
    if (WITH_BYTES.has(name)) details[`${known}Bytes`] = spacedHex(String(value))
  }
  const { expectedRegion } = failure.details
  if (expectedRegion !== undefined) details.bucketRegion = expectedRegion
  return new S3Error(
    (failure.place === 'query' ? CODES_OF_QUERY[failure.reason] : undefined) ?? CODES[failure.reason],
    KEEPS_CATALOGUE_TEXT.has(failure.reason) ? undefined : (TEXTS[failure.reason] ?? failure.message),
    { details, cause: failure },
  )
}
