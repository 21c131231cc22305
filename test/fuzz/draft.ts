import { createHash, createHmac } from 'node:crypto'

export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A request that can still be changed, before it is signed and made bytes. All texts have one character for each byte. */
export interface Draft {
  service: 's3' | 'lightsail' | 'sts'
  method: string
  path: string
  /** Names and values as they are written, encoded. */
  query: [name: string, value: string][]
  headers: [name: string, value: string][]
  body: Buffer
  /** How the body is signed; chunks are framed, and signed, when the draft is. */
  payload: 'hashed' | 'unsigned' | 'chunked' | 'chunked-trailer'
  /** `none`: nobody signs it. */
  signs: 'header' | 'query' | 'none'
  credentials: KeyPair
}

/** What goes over the wire. */
export interface WireRequest {
  readonly method: string
  readonly head: Buffer
  readonly body: Buffer
}

const REGION = 'us-east-1'
const EMPTY = hash('')

/** Signs a draft as it is, however broken, so that a server that reads it as it was meant gets beyond the signature. */
export function writeDraft(draft: Draft, host: string, nowMs: number): WireRequest {
  const timestamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${timestamp.slice(0, 8)}/${REGION}/${draft.service}/aws4_request`
  const headers: [string, string][] = [['Host', host], ...draft.headers]
  const key = ['us-east-1', draft.service, 'aws4_request'].reduce<Buffer>(
    (before, part) => hmac(before, part),
    hmac(`AWS4${draft.credentials.secretAccessKey}`, timestamp.slice(0, 8)),
  )
  const payloadHash = payloadHashOf(draft)
  if (draft.service === 's3' && draft.signs === 'header') headers.push(['x-amz-content-sha256', payloadHash])
  const isChunked = draft.payload.startsWith('chunked')
  if (isChunked) headers.push(['x-amz-decoded-content-length', String(draft.body.length)])
  if (draft.payload === 'chunked-trailer') headers.push(['x-amz-trailer', 'x-amz-checksum-sha256'])
  const query = [...draft.query]
  const credential = `${draft.credentials.accessKeyId}/${scope}`
  if (draft.signs === 'header') headers.push(['x-amz-date', timestamp])
  const names = signedNames(draft.signs === 'query' ? [['host', host]] : headers)
  if (draft.signs === 'query')
    query.push(
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', encodeURIComponent(credential)],
      ['X-Amz-Date', timestamp],
      ['X-Amz-Expires', '600'],
      ['X-Amz-SignedHeaders', encodeURIComponent(names.join(';'))],
    )
  let signature = ''
  if (draft.signs !== 'none') {
    const canonical = [
      draft.method,
      draft.path,
      canonicalQuery(query),
      ...names.map((name) => `${name}:${valueOf(headers, name)}`),
      '',
      names.join(';'),
      draft.signs === 'query' ? 'UNSIGNED-PAYLOAD' : draft.service === 's3' ? payloadHash : hash(draft.body),
    ].join('\n')
    signature = sign(key, timestamp, scope, canonical)
    if (draft.signs === 'query') query.push(['X-Amz-Signature', signature])
    else
      headers.push([
        'Authorization',
        `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
      ])
  }
  const body = isChunked ? frame(draft, { key, timestamp, scope, signature }) : draft.body
  if (body.length > 0 || draft.method === 'PUT' || draft.method === 'POST')
    headers.push(['Content-Length', String(body.length)])
  const target = draft.path + (query.length > 0 ? `?${query.map(([n, v]) => `${n}=${v}`).join('&')}` : '')
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${draft.method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
  return { method: draft.method, head, body }
}

interface Signing {
  readonly key: Buffer
  readonly timestamp: string
  readonly scope: string
  readonly signature: string
}

function frame({ body, payload }: Draft, { key, timestamp, scope, signature }: Signing): Buffer {
  const isSigned = payload === 'chunked'
  const out: Buffer[] = []
  let previous = signature
  // Of signed chunks only the last may be small.
  const size = Math.max(isSigned ? 8 * 1024 : 1, Math.ceil(body.length / 3))
  const chunks = [...Array(Math.ceil(body.length / size)).keys()].map((at) =>
    body.subarray(at * size, (at + 1) * size),
  )
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    if (isSigned) {
      const text = ['AWS4-HMAC-SHA256-PAYLOAD', timestamp, scope, previous, EMPTY, hash(chunk)].join('\n')
      previous = hmac(key, text).toString('hex')
    }
    const extension = isSigned ? `;chunk-signature=${previous}` : ''
    out.push(Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`), chunk)
    if (chunk.length > 0) out.push(Buffer.from('\r\n'))
  }
  const checksum = createHash('sha256').update(body).digest('base64')
  out.push(Buffer.from(isSigned ? '\r\n' : `x-amz-checksum-sha256:${checksum}\r\n\r\n`))
  return Buffer.concat(out)
}

function payloadHashOf({ payload, body }: Draft): string {
  if (payload === 'unsigned') return 'UNSIGNED-PAYLOAD'
  if (payload === 'chunked') return 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  return payload === 'chunked-trailer' ? 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' : hash(body)
}

/** All but what proxies change, in order, each once. */
function signedNames(headers: readonly [string, string][]): string[] {
  const names = headers.map(([name]) => name.toLowerCase())
  return [...new Set(names)].filter((name) => !UNSIGNED.has(name)).sort()
}

const UNSIGNED = new Set(['connection', 'expect', 'transfer-encoding', 'user-agent', 'content-length'])

function valueOf(headers: readonly [string, string][], name: string): string {
  const values = headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value.trim())
  return values.join(',').replace(/[ \t]+/g, ' ')
}

function canonicalQuery(query: readonly [string, string][]): string {
  const encoded = query.map(([name, value]) => [reencode(name), reencode(value)] as const)
  return encoded
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function reencode(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  } catch {
    return text
  }
}

function sign(key: Buffer, timestamp: string, scope: string, canonical: string): string {
  const digest = hash(Buffer.from(canonical, 'latin1'))
  return hmac(key, `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${digest}`).toString('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function hash(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex')
}
