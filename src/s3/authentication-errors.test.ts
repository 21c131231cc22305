import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AuthenticationFailure, type AuthenticationFailureReason } from '../auth/authentication-failure.ts'
import { s3Errors } from '../model/s3/errors.ts'
import { authenticationError } from './authentication-errors.ts'

describe('a request that is not authenticated', () => {
  const OWN = 'as it was found'
  const table: readonly (readonly [reason: AuthenticationFailureReason, code: string, message?: string])[] = [
    ['signature-version-unsupported', 'InvalidRequest'],
    ['authorization-type-unsupported', 'InvalidArgument', 'Unsupported Authorization Type'],
    ['authorization-shapeless', 'InvalidArgument'],
    ['authorization-twofold', 'InvalidArgument'],
    ['authorization-malformed', 'AuthorizationHeaderMalformed'],
    ['query-malformed', 'AuthorizationQueryParametersError'],
    ['version-2-incomplete', 'AccessDenied'],
    ['version-2-expires-malformed', 'AccessDenied'],
    ['date-missing', 'AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header'],
    ['date-scope-mismatch', 'AuthorizationHeaderMalformed'],
    ['service-wrong', 'AuthorizationHeaderMalformed'],
    ['region-wrong', 'AuthorizationHeaderMalformed'],
    ['request-skewed', 'RequestTimeTooSkewed', s3Errors.RequestTimeTooSkewed.message],
    ['request-expired', 'AccessDenied', 'Request has expired'],
    ['request-not-yet-valid', 'AccessDenied', 'Request is not valid yet'],
    ['expires-out-of-range', 'AuthorizationQueryParametersError'],
    ['payload-hash-missing', 'InvalidRequest'],
    ['payload-hash-malformed', 'InvalidArgument'],
    ['payload-hash-unsigned', 'InvalidRequest'],
    ['headers-not-signed', 'AccessDenied', 'There were headers present in the request which were not signed'],
    ['session-token-expired', 'ExpiredToken'],
    ['session-token-invalid', 'InvalidToken'],
    ['access-key-unknown', 'InvalidAccessKeyId', s3Errors.InvalidAccessKeyId.message],
    ['access-key-stopped', 'InvalidAccessKeyId'],
    ['signature-mismatch', 'SignatureDoesNotMatch', s3Errors.SignatureDoesNotMatch.message],
    ['chunk-signature-mismatch', 'SignatureDoesNotMatch'],
    ['form-field-missing', 'InvalidArgument'],
    ['form-field-malformed', 'InvalidArgument'],
    ['policy-malformed', 'InvalidPolicyDocument'],
    ['policy-refused', 'AccessDenied'],
  ]
  for (const [reason, code, message = OWN] of table)
    it(`since ${reason} gets ${code}`, () => {
      const failure = new AuthenticationFailure(reason, OWN)
      const error = authenticationError(failure)
      assert.deepEqual([error.code, error.message, error.cause], [code, message, failure])
    })

  it('by its query gets the code of queries for what is wrong with its scope', () => {
    const codeOf = (reason: AuthenticationFailureReason) =>
      authenticationError(new AuthenticationFailure(reason, OWN, {}, 'query')).code
    for (const reason of ['date-scope-mismatch', 'service-wrong', 'region-wrong'] as const)
      assert.equal(codeOf(reason), 'AuthorizationQueryParametersError')
    assert.equal(codeOf('signature-mismatch'), 'SignatureDoesNotMatch')
    assert.equal(codeOf('request-expired'), 'AccessDenied')
  })

  it('is told more under the names that S3 gives it, texts that were signed byte by byte as well', () => {
    const { details } = authenticationError(
      new AuthenticationFailure('signature-mismatch', OWN, {
        ...{ accessKeyId: 'AKIA', argumentName: 'n', argumentValue: 'v', signatureProvided: 's' },
        ...{ stringToSign: 'a\nb', canonicalRequest: 'ä', headersNotSigned: 'h', expectedRegion: 'r' },
        ...{ requestTime: 't', serverTime: 'u', skewMillisecondsMax: 9, expiresSeconds: 8, expires: 'e' },
        expectedService: 'not told',
      }),
    )
    assert.deepEqual(details, {
      ...{ AWSAccessKeyId: 'AKIA', ArgumentName: 'n', ArgumentValue: 'v', SignatureProvided: 's' },
      ...{ StringToSign: 'a\nb', StringToSignBytes: '61 0a 62' },
      ...{ CanonicalRequest: 'ä', CanonicalRequestBytes: 'c3 a4', HeadersNotSigned: 'h' },
      ...{ Region: 'r', bucketRegion: 'r', RequestTime: 't', ServerTime: 'u' },
      ...{ MaxAllowedSkewMilliseconds: 9, 'X-Amz-Expires': 8, Expires: 'e' },
    })
    assert.deepEqual(authenticationError(new AuthenticationFailure('date-missing', OWN)).details, {})
  })
})
