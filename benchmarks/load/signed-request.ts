import { createHash } from 'node:crypto'
import { LIGHTSAIL_RULES, S3_RULES } from '../../src/auth/service-rules.ts'
import { signRequest } from '../../src/auth/sign-request.ts'
import type { PreparedRequest } from './http-connection.ts'
import type { Target } from './target.ts'

interface Draft {
  readonly method: string
  /** Path and query, encoded. */
  readonly path: string
  readonly body?: readonly Buffer[]
  readonly headers?: Readonly<Record<string, string>>
  /** What the signature says of the body; absent: nothing. */
  readonly payloadHash?: string
}

/** An S3 request signed in its headers. Bodies are not hashed for the signature (`UNSIGNED-PAYLOAD`), the same for every server. */
export function signedRequest(target: Target, draft: Draft): PreparedRequest {
  const body = draft.body ?? []
  const sizeBytes = body.reduce((sum, piece) => sum + piece.length, 0)
  const sendsBody = draft.method === 'PUT' || draft.method === 'POST'
  const signed = signRequest({
    method: draft.method,
    url: draft.path,
    headers: {
      host: `${target.host}:${target.port}`,
      ...(sendsBody ? { 'content-length': String(sizeBytes) } : {}),
      ...draft.headers,
    },
    payloadHash: draft.payloadHash ?? 'UNSIGNED-PAYLOAD',
    credentials: target,
    rules: S3_RULES,
    region: target.region,
    nowMs: Date.now(),
  })
  return { head: headOf(draft, signed.headers), body, isHead: draft.method === 'HEAD' }
}

/** A call of the control plane. */
export function lightsailRequest(target: Target, operation: string, input: object): PreparedRequest {
  const body = Buffer.from(JSON.stringify(input))
  const draft: Draft = { method: 'POST', path: '/', body: [body] }
  const signed = signRequest({
    method: 'POST',
    url: '/',
    headers: {
      host: `${target.host}:${target.port}`,
      'content-length': String(body.length),
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Lightsail_20161128.${operation}`,
    },
    payloadHash: createHash('sha256').update(body).digest('hex'),
    credentials: target,
    rules: LIGHTSAIL_RULES,
    region: target.region,
    nowMs: Date.now(),
  })
  return { head: headOf(draft, signed.headers), body: [body] }
}

function headOf(draft: Draft, headers: Readonly<Record<string, unknown>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  return Buffer.from(`${draft.method} ${draft.path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
}
