import { parseAmzDate } from './amz-date.ts'
import type { SignedAuthentication } from './authentication.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import { ALGORITHM } from './canonical-request.ts'
import { parseCredential, shown } from './credential.ts'
import type { PayloadHash } from './payload-hash.ts'
import { UNSIGNED_PAYLOAD, parsePayloadHash } from './payload-hash.ts'
import type { RequestHead } from './request-head.ts'
import { SIGNATURE_ARGUMENTS, TOKEN_ARGUMENT } from './signature-arguments.ts'
import { areHeaderNames } from './signed-headers.ts'
import type { ServiceRules } from './service-rules.ts'

/** A week: the longest validity of a presigned URL. */
export const EXPIRES_SECONDS_MAX = 604_800

/**
 * Reads the X-Amz-* arguments of a presigned URL. Throws AuthenticationFailure `query-malformed`, `expires-out-of-range`, `service-wrong` and
 * `date-scope-mismatch`, in the order and the words of S3, which applications and people look for.
 */
export function parsePresignedQuery(head: RequestHead, rules: ServiceRules): SignedAuthentication {
  const { values, repeated } = head.query
  for (const name of [...SIGNATURE_ARGUMENTS, TOKEN_ARGUMENT])
    if (repeated.has(name)) throw malformed(`The argument ${name} must come once.`)
  const value = (name: (typeof SIGNATURE_ARGUMENTS)[number]) => values.get(name) ?? ''
  const algorithm = values.get('X-Amz-Algorithm')
  if (algorithm !== undefined && algorithm !== ALGORITHM)
    throw malformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`)
  for (const name of SIGNATURE_ARGUMENTS)
    if (value(name) === '' && (name !== 'X-Amz-Expires' || rules.presignedUrlsExpire))
      throw malformed(
        `Query-string authentication version 4 requires the ${SIGNATURE_ARGUMENTS.slice(0, -1).join(', ')}, and X-Amz-Expires parameters.`,
      )
  const timestamp = value('X-Amz-Date')
  const signedAt = parseAmzDate(timestamp)
  if (signedAt === null)
    throw malformed(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
  const expiresSeconds = rules.presignedUrlsExpire ? parseExpires(value('X-Amz-Expires')) : undefined
  const { accessKeyId, scope } = parseCredential(value('X-Amz-Credential'), rules, 'query')
  if (!timestamp.startsWith(scope.date))
    throw new AuthenticationFailure(
      'date-scope-mismatch',
      `Invalid credential date "${shown(scope.date)}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
      {},
      'query',
    )
  const signedHeaders = value('X-Amz-SignedHeaders')
  if (!areHeaderNames(signedHeaders))
    throw malformed('X-Amz-SignedHeaders must be names of headers joined by ;')
  const sessionToken = values.get(TOKEN_ARGUMENT)
  return {
    type: 'query',
    accessKeyId,
    scope,
    signedHeaders,
    signature: value('X-Amz-Signature'),
    timestamp,
    signedAt,
    ...(expiresSeconds !== undefined && { expiresSeconds }),
    payload: rules.payload === 'body' ? null : payloadOf(head),
    ...(sessionToken !== undefined && { sessionToken }),
  }
}

function parseExpires(text: string): number {
  const seconds = /^[+-]?\d{1,19}$/.test(text) ? Number(text) : NaN
  if (Number.isNaN(seconds)) throw malformed('X-Amz-Expires should be a number')
  if (seconds < 0) throw outOfRange('X-Amz-Expires must be non-negative')
  if (seconds > EXPIRES_SECONDS_MAX)
    throw outOfRange(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${EXPIRES_SECONDS_MAX} seconds`,
    )
  return seconds
}

/** As the query says, which counts as a header; else as the header says; else the body is not covered. */
function payloadOf({ headers }: RequestHead): PayloadHash {
  const text = headers['x-amz-content-sha256']
  return typeof text !== 'string' || text === '' ? UNSIGNED_PAYLOAD : parsePayloadHash(text)
}

function malformed(problem: string): AuthenticationFailure {
  return new AuthenticationFailure('query-malformed', problem, {}, 'query')
}

function outOfRange(problem: string): AuthenticationFailure {
  return new AuthenticationFailure('expires-out-of-range', problem, {}, 'query')
}
