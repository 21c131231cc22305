import { hex, utf8 } from './bytes.ts'
import { sha256Hex } from './hashing.ts'
import { encodePath, encodeQuery } from './percent-encoding.ts'
import type { SigningSecret } from './signing-secret.ts'

/** An access key that signs: lasting, or temporary with its token. */
export interface Signer {
  readonly accessKeyId: string
  readonly secret: SigningSecret
  readonly sessionToken?: string
}

/** What is signed of a request. */
export interface RequestToSign {
  readonly method: string
  /** Not encoded: `/photos/november/coast.jpg`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** What is signed of the body: its SHA-256 in hexadecimal, or `UNSIGNED-PAYLOAD` (S3 alone). */
  readonly payloadHash: string
  readonly service: string
  readonly region: string
  /** As the browser sends it. */
  readonly host: string
  /** Epoch milliseconds. */
  readonly nowMs: number
}

/** A request that is ready: its target and the headers that it must be sent with. */
export interface SignedRequest {
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
}

const ALGORITHM = 'AWS4-HMAC-SHA256'

/** Signs a request in its headers. */
export async function signRequest(request: RequestToSign, signer: Signer): Promise<SignedRequest> {
  const { payloadHash, service, nowMs, host } = request
  const date = amzDate(nowMs)
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': date,
    ...(service === 's3' && { 'x-amz-content-sha256': payloadHash }),
    ...(signer.sessionToken !== undefined && { 'x-amz-security-token': signer.sessionToken }),
  }
  const signed = { ...headers, host }
  const query = encodeQuery(request.query ?? {})
  const scope = scopeOf(request, date)
  const names = Object.keys(signed).sort()
  const signature = await signatureOf({ ...request, query, signed, names, date, scope }, signer)
  headers['authorization'] =
    `${ALGORITHM} Credential=${signer.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { target: targetOf(request.path, query), headers }
}

/** Signs a GET or PUT of S3 in its URL, for `expiresSeconds`: who has the URL may do that request. Gives the target. */
export async function presign(
  request: Omit<RequestToSign, 'payloadHash' | 'service'> & { readonly expiresSeconds: number },
  signer: Signer,
): Promise<string> {
  const date = amzDate(request.nowMs)
  const asked = { ...request, payloadHash: 'UNSIGNED-PAYLOAD', service: 's3' }
  const scope = scopeOf(asked, date)
  const signed = { ...request.headers, host: request.host }
  const names = Object.keys(signed).sort()
  const query = encodeQuery({
    ...request.query,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${signer.accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(request.expiresSeconds),
    'X-Amz-SignedHeaders': names.join(';'),
    ...(signer.sessionToken !== undefined && { 'X-Amz-Security-Token': signer.sessionToken }),
  })
  const signature = await signatureOf({ ...asked, query, signed, names, date, scope }, signer)
  return `${targetOf(request.path, query)}&X-Amz-Signature=${signature}`
}

const scopeOf = ({ region, service }: Pick<RequestToSign, 'region' | 'service'>, date: string): string =>
  `${date.slice(0, 8)}/${region}/${service}/aws4_request`

const targetOf = (path: string, query: string): string =>
  `${encodePath(path)}${query === '' ? '' : `?${query}`}`

interface Canonical extends Omit<RequestToSign, 'query'> {
  readonly query: string
  readonly signed: Readonly<Record<string, string>>
  readonly names: readonly string[]
  readonly date: string
  readonly scope: string
}

/** Signature Version 4: the canonical request, its digest in the text to sign, and that signed by the key of the scope. Of S3 paths are encoded once; the other services are called at `/`. */
async function signatureOf(request: Canonical, { secret }: Signer): Promise<string> {
  const { method, path, query, signed, names, payloadHash, date, scope, region, service } = request
  const canonical = [
    method,
    encodePath(path),
    query,
    ...names.map((name) => `${name}:${(signed[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n')
  const text = [ALGORITHM, date, scope, await sha256Hex(utf8(canonical))].join('\n')
  const key = await secret.signingKey({ date: date.slice(0, 8), region, service })
  return hex(await key.sign(text))
}

/** `20261201T083000Z`. */
const amzDate = (epochMs: number): string => new Date(epochMs).toISOString().replace(/[-:]|\.\d+/g, '')
