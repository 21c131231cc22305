import { parseHttpDate } from '../base/http-date.ts'
import { formatAmzDate, parseAmzDate } from './amz-date.ts'
import type { Authentication, SignedAuthentication } from './authentication.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import { ALGORITHM } from './canonical-request.ts'
import { parseCredential } from './credential.ts'
import { parsePresignedQuery } from './parse-presigned-query.ts'
import { areHeaderNames } from './signed-headers.ts'
import type { PayloadHash } from './payload-hash.ts'
import { UNSIGNED_PAYLOAD, isLowerHex, parsePayloadHash } from './payload-hash.ts'
import { ONE_MECHANISM, type RequestHead } from './request-head.ts'
import type { ServiceRules } from './service-rules.ts'

/** S3's sentences, which clients look for, and then those of this server. */
const VERSION_2_REFUSED =
  'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.'
const HOW_TO =
  'For boto3 set Config(signature_version="s3v4"), for the aws CLI: aws configure set default.s3.signature_version s3v4.'

/**
 * Finds out how a request is signed: in its Authorization header, in its query (a presigned URL), or not at all. Throws
 * {@link AuthenticationFailure} for whatever is malformed or of a kind that is not taken; signature version 2 is one, and read elsewhere where
 * it is taken.
 */
export function parseAuthentication(head: RequestHead, rules: ServiceRules): Authentication {
  // An empty header counts as none, so that it meets the same refusal as an anonymous request.
  const authorization = head.headers.authorization?.trim() ?? ''
  const { presignedBy } = head
  if (authorization !== '') {
    refuseTwofold(head)
    return parseHeader(authorization, head, rules)
  }
  if (presignedBy === 'version-2')
    throw version2Refused(
      'The arguments AWSAccessKeyId and Signature are signature version 2, which is not taken here.',
    )
  if (presignedBy === 'version-4') return parsePresignedQuery(head, rules)
  return { type: 'anonymous', payload: unsignedPayload(head) }
}

function parseHeader(authorization: string, head: RequestHead, rules: ServiceRules): SignedAuthentication {
  const space = authorization.indexOf(' ')
  const scheme = space < 0 ? authorization : authorization.slice(0, space)
  if (scheme === 'AWS') refuseVersion2(authorization.slice(4))
  if (space < 0) {
    throw new AuthenticationFailure(
      'authorization-shapeless',
      'the Authorization header must be a scheme and its credentials with a space between them',
    )
  }
  if (scheme !== ALGORITHM) {
    throw new AuthenticationFailure(
      'authorization-type-unsupported',
      `the Authorization header must begin with ${ALGORITHM}`,
      // Not the credentials behind it, which may be a secret of another scheme.
      { argumentName: 'Authorization', argumentValue: scheme.slice(0, 64) },
    )
  }
  const { credential, signedHeaders, signature } = parseComponents(authorization.slice(space + 1))
  const { accessKeyId, scope } = parseCredential(credential, rules, 'header')
  if (signature.length !== 64 || !isLowerHex(signature)) {
    throw malformed('Signature must be 64 lower-case hexadecimal digits')
  }
  const { timestamp, signedAt } = requestTime(head)
  if (!timestamp.startsWith(scope.date)) {
    throw new AuthenticationFailure(
      'date-scope-mismatch',
      'The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date.',
    )
  }
  if (!areHeaderNames(signedHeaders)) throw malformed('SignedHeaders must be names of headers joined by ;')
  const sessionToken = head.headers['x-amz-security-token']
  return {
    type: 'header',
    accessKeyId,
    scope,
    signedHeaders,
    signature,
    timestamp,
    signedAt,
    payload: rules.payload === 'body' ? null : requiredPayload(head),
    ...(typeof sessionToken === 'string' && { sessionToken }),
  }
}

/** `Credential=…, SignedHeaders=…, Signature=…`, in any order. */
function parseComponents(text: string): { credential: string; signedHeaders: string; signature: string } {
  let credential = ''
  let signedHeaders = ''
  let signature = ''
  for (let from = 0; from < text.length;) {
    let end = text.indexOf(',', from)
    if (end < 0) end = text.length
    const component = text.slice(from, end).trim()
    const equals = component.indexOf('=')
    const value = component.slice(equals + 1)
    const name = component.slice(0, Math.max(equals, 0))
    if (name === 'Credential' && credential === '') credential = value
    else if (name === 'SignedHeaders' && signedHeaders === '') signedHeaders = value
    else if (name === 'Signature' && signature === '') signature = value
    else
      throw malformed(
        `it holds Credential, SignedHeaders and Signature once each; component "${name}" is not expected`,
      )
    from = end + 1
  }
  if (credential === '') throw malformed('component Credential is missing')
  if (signedHeaders === '') throw malformed('component SignedHeaders is missing')
  if (signature === '') throw malformed('component Signature is missing')
  return { credential, signedHeaders, signature }
}

/** The request's own time: X-Amz-Date, else Date; each may have either form. */
function requestTime(head: RequestHead): { timestamp: string; signedAt: number } {
  const amzDate = head.headers['x-amz-date']
  const text = typeof amzDate === 'string' && amzDate !== '' ? amzDate : (head.headers.date ?? '')
  const basic = parseAmzDate(text)
  if (basic !== null) return { timestamp: text, signedAt: basic }
  const signedAt = parseHttpDate(text)
  const isInRange = signedAt !== null && signedAt >= 0
  if (!isInRange) {
    throw new AuthenticationFailure(
      'date-missing',
      'a signed request needs a valid X-Amz-Date or Date header',
    )
  }
  return { timestamp: formatAmzDate(signedAt), signedAt }
}

function requiredPayload(head: RequestHead): PayloadHash {
  const text = head.headers['x-amz-content-sha256']
  if (typeof text === 'string' && text !== '') return parsePayloadHash(text)
  throw new AuthenticationFailure(
    'payload-hash-missing',
    'a request signed in its headers needs the header x-amz-content-sha256',
  )
}

/** Throws `authorization-twofold` for a request that is signed in its header and in its query. */
export function refuseTwofold({ headers, presignedBy }: RequestHead): void {
  if (presignedBy !== null && (headers.authorization?.trim() ?? '') !== '')
    throw new AuthenticationFailure('authorization-twofold', ONE_MECHANISM)
}

/** What is said of a body that no signature covers. Throws `payload-hash-malformed` and `payload-hash-unsigned`. */
export function unsignedPayload(head: RequestHead): PayloadHash {
  const text = head.headers['x-amz-content-sha256']
  if (typeof text !== 'string' || text === '') return UNSIGNED_PAYLOAD
  const payload = parsePayloadHash(text)
  if (payload.kind === 'signed-chunks') {
    throw new AuthenticationFailure(
      'payload-hash-unsigned',
      `x-amz-content-sha256 ${text} needs a request that version 4 signed in its headers`,
    )
  }
  return payload
}

function refuseVersion2(credentials: string): never {
  const colon = credentials.indexOf(':')
  if (colon < 1 || colon === credentials.length - 1) {
    throw new AuthenticationFailure(
      'authorization-shapeless',
      'an Authorization header of scheme AWS must be an access key id and a signature with a colon between them',
    )
  }
  throw version2Refused('Scheme AWS in the Authorization header is signature version 2.')
}

/** Refuses version 2: what is refused, in a sentence, and how to sign instead. */
export function version2Refused(what: string): AuthenticationFailure {
  return new AuthenticationFailure('signature-version-unsupported', `${VERSION_2_REFUSED} ${what} ${HOW_TO}`)
}

function malformed(problem: string): AuthenticationFailure {
  return new AuthenticationFailure(
    'authorization-malformed',
    `the Authorization header is malformed; ${problem}`,
  )
}
