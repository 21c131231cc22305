import { percentEncode } from '../base/percent-encoding.ts'
import { formatAmzDate } from './amz-date.ts'
import { ALGORITHM, canonicalRequest, stringToSign } from './canonical-request.ts'
import { EXPIRES_SECONDS_MAX } from './parse-presigned-query.ts'
import { UNSIGNED_PAYLOAD } from './payload-hash.ts'
import { parseRequestHead } from './request-head.ts'
import { S3_RULES, type ServiceRules } from './service-rules.ts'
import type { ClientCredentials } from './sign-request.ts'
import { signedHeaderNames } from './sign-request.ts'
import { deriveSigningKey, formatScope } from './signing-key.ts'

interface PresignRequestInput {
  readonly method: string
  /** Path and query as they will be sent, encoded. */
  readonly url: string
  /** Headers that the URL's user must send with these very values, `host` among them; by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: ClientCredentials
  readonly region: string
  /** The current instant, in epoch milliseconds. */
  readonly nowMs: number
  /** 1 to 604800. */
  readonly expiresSeconds: number
  /** Those of S3 when absent. */
  readonly rules?: ServiceRules
  /** Of S3: not covered when absent. */
  readonly payloadHash?: string
}

/** Path and query of a request that whoever has them may send until they expire. Throws RangeError for an expiry out of range. */
export function presignRequest(input: PresignRequestInput): string {
  const { credentials, expiresSeconds, rules = S3_RULES } = input
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > EXPIRES_SECONDS_MAX) {
    throw new RangeError(`expiresSeconds must be 1 to ${EXPIRES_SECONDS_MAX}, got ${expiresSeconds}`)
  }
  const timestamp = formatAmzDate(input.nowMs)
  const signingScope = { date: timestamp.slice(0, 8), region: input.region, service: rules.service }
  const scope = formatScope(signingScope)
  const signedHeaders = signedHeaderNames(input.headers)
  const query = [
    `X-Amz-Algorithm=${ALGORITHM}`,
    `X-Amz-Credential=${percentEncode(`${credentials.accessKeyId}/${scope}`)}`,
    `X-Amz-Date=${timestamp}`,
    `X-Amz-Expires=${expiresSeconds}`,
    ...(credentials.sessionToken === undefined
      ? []
      : [`X-Amz-Security-Token=${percentEncode(credentials.sessionToken)}`]),
    `X-Amz-SignedHeaders=${percentEncode(signedHeaders)}`,
  ].join('&')
  const url = `${input.url}${input.url.includes('?') ? '&' : '?'}${query}`
  const canonical = canonicalRequest({
    head: parseRequestHead({ method: input.method, url, rawHeaders: Object.entries(input.headers).flat() }),
    pathRule: rules.pathRule,
    signedHeaders,
    payloadHash: input.payloadHash ?? UNSIGNED_PAYLOAD.text,
    omitsSignature: true,
  })
  const signingKey = deriveSigningKey(credentials.secretAccessKey, signingScope)
  return `${url}&X-Amz-Signature=${signingKey.sign(stringToSign(canonical, timestamp, scope))}`
}
