import { formatAmzDate } from './amz-date.ts'
import { ALGORITHM, canonicalRequest, stringToSign } from './canonical-request.ts'
import { readRequest } from './read-request.ts'
import type { ServiceRules } from './service-rules.ts'
import type { SigningKey } from './signing-key.ts'
import { deriveSigningKey, formatScope } from './signing-key.ts'

/** What a client signs with. */
export interface ClientCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string
}

interface SignRequestInput {
  readonly method: string
  /** Path and query as they will be sent, encoded. */
  readonly url: string
  /** By lower-case name, `host` among them; one character per byte. All of them are signed but those that a proxy may change. */
  readonly headers: Readonly<Record<string, string>>
  /** Hexadecimal SHA-256 of the body, or a marker of x-amz-content-sha256. */
  readonly payloadHash: string
  readonly credentials: ClientCredentials
  readonly rules: ServiceRules
  readonly region: string
  /** The current instant, in epoch milliseconds. */
  readonly nowMs: number
}

/** A request as it is to be sent, and what its chunks are signed with. */
export interface SignedRequest {
  /** The given headers and those that the signature adds. */
  readonly headers: Readonly<Record<string, string>>
  /** What the signatures of chunks go on from. */
  readonly signature: string
  readonly signingKey: SigningKey
  readonly scope: string
  readonly timestamp: string
}

/** Not signed, because something on the way may change or drop them. */
const UNSIGNED_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'expect',
  'transfer-encoding',
  'user-agent',
  'x-amzn-trace-id',
])

/** Signs a request in its headers: adds x-amz-date, Authorization, and where they belong x-amz-content-sha256 and x-amz-security-token. */
export function signRequest(input: SignRequestInput): SignedRequest {
  const { credentials, rules } = input
  const timestamp = formatAmzDate(input.nowMs)
  const headers: Record<string, string> = { ...input.headers, 'x-amz-date': timestamp }
  if (rules.payload === 'header') headers['x-amz-content-sha256'] = input.payloadHash
  if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken

  const signedHeaders = signedHeaderNames(headers)
  const canonical = canonicalRequest({
    head: readRequest({
      method: input.method,
      url: input.url,
      rawHeaders: Object.entries(headers).flat(),
    }),
    pathRule: rules.pathRule,
    signedHeaders,
    payloadHash: input.payloadHash,
    omitsSignature: false,
  })
  const signingScope = { date: timestamp.slice(0, 8), region: input.region, service: rules.service }
  const scope = formatScope(signingScope)
  const signingKey = deriveSigningKey(credentials.secretAccessKey, signingScope)
  const signature = signingKey.sign(stringToSign(canonical, timestamp, scope))
  headers.authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  return { headers, signature, signingKey, scope, timestamp }
}

/** Names of the headers that are signed, in order, joined by `;`. */
export function signedHeaderNames(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .filter((name) => !UNSIGNED_HEADERS.has(name))
    .sort()
    .join(';')
}
