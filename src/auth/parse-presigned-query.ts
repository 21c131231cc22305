import { parseAmzDate } from './amz-date.ts'
import type { SignedAuthentication } from './authentication.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import { ALGORITHM } from './canonical-request.ts'
import { parseCredential } from './credential.ts'
import type { PayloadHash } from './payload-hash.ts'
import { UNSIGNED_PAYLOAD, isLowerHex, parsePayloadHash } from './payload-hash.ts'
import type { RequestHead } from './request-head.ts'
import { areHeaderNames } from './signed-headers.ts'
import type { ServiceRules } from './service-rules.ts'

/** A week: the longest validity of a presigned URL. */
export const EXPIRES_SECONDS_MAX = 604_800

const REQUIRED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
] as const
const OPTIONAL = ['X-Amz-Security-Token', 'X-Amz-Content-Sha256'] as const
type ArgumentName = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number]

/** Reads the X-Amz-* arguments of a presigned URL. */
export function parsePresignedQuery(head: RequestHead, rules: ServiceRules): SignedAuthentication {
  const { values, repeated } = head.query
  for (const name of [...REQUIRED, ...OPTIONAL])
    if (repeated.has(name)) throw malformed(`${name} comes more than once`)
  const value = (name: ArgumentName) => values.get(name) ?? ''
  for (const name of REQUIRED) {
    if (value(name) === '' && (name !== 'X-Amz-Expires' || rules.presignedUrlsExpire))
      throw malformed(`argument ${name} is missing; required are ${REQUIRED.join(', ')}`)
  }
  if (value('X-Amz-Algorithm') !== ALGORITHM) throw malformed(`X-Amz-Algorithm must be ${ALGORITHM}`)
  const { accessKeyId, scope } = parseCredential(value('X-Amz-Credential'), rules, 'query-malformed')
  const timestamp = value('X-Amz-Date')
  const signedAt = parseAmzDate(timestamp)
  if (signedAt === null) throw malformed('X-Amz-Date must have the form YYYYMMDDTHHMMSSZ')
  if (!timestamp.startsWith(scope.date)) {
    throw malformed(
      `the credential's date must be the day of X-Amz-Date, ${timestamp.slice(0, 8)}, got ${scope.date}`,
    )
  }
  const expiresSeconds = rules.presignedUrlsExpire ? parseExpires(value('X-Amz-Expires')) : undefined
  const signature = value('X-Amz-Signature')
  if (signature.length !== 64 || !isLowerHex(signature)) {
    throw malformed('X-Amz-Signature must be 64 lower-case hexadecimal digits')
  }
  const signedHeaders = value('X-Amz-SignedHeaders')
  if (!areHeaderNames(signedHeaders))
    throw malformed('X-Amz-SignedHeaders must be names of headers joined by ;')
  const sessionToken = values.get('X-Amz-Security-Token')
  return {
    type: 'query',
    accessKeyId,
    scope,
    signedHeaders,
    signature,
    timestamp,
    signedAt,
    ...(expiresSeconds !== undefined && { expiresSeconds }),
    payload: rules.payload === 'body' ? null : payloadOf(head),
    ...(sessionToken !== undefined && { sessionToken }),
  }
}

function parseExpires(text: string): number {
  const seconds = /^-?\d+$/.test(text) ? Number(text) : NaN
  if (!Number.isInteger(seconds)) throw malformed('X-Amz-Expires must be a whole number of seconds')
  if (seconds < 1 || seconds > EXPIRES_SECONDS_MAX) {
    throw new AuthenticationFailure(
      'expires-out-of-range',
      `X-Amz-Expires must be 1 to ${EXPIRES_SECONDS_MAX} seconds, got ${seconds}`,
    )
  }
  return seconds
}

/** As the query says, which counts as a header; else as the header says; else the body is not covered. */
function payloadOf({ headers }: RequestHead): PayloadHash {
  const text = headers['x-amz-content-sha256']
  return typeof text !== 'string' || text === '' ? UNSIGNED_PAYLOAD : parsePayloadHash(text)
}

function malformed(problem: string): AuthenticationFailure {
  return new AuthenticationFailure('query-malformed', `the presigned URL is malformed; ${problem}`)
}
