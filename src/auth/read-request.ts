import { MalformedRequest } from './malformed-request.ts'
import { readHeaders, type RequestHeaders } from './request-headers.ts'
import type { RequestQuery } from './request-query.ts'
import { parseTarget } from './request-target.ts'

/** The request line and headers of a request as they came; an `IncomingMessage` is one. */
export interface RawRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[]
}

/** A request before its signature is looked for. */
export interface ReadRequest {
  readonly method: string
  /** In its canonical encoding; see {@link parseTarget}. */
  readonly path: string
  /** The path as it was sent, which is shown again, and which version 2 signs. */
  readonly rawPath: string
  readonly query: RequestQuery
  /** As they were sent. */
  readonly headers: RequestHeaders
}

/** Reads request line and headers. Throws {@link MalformedRequest} for what could be read in two ways. */
export function readRequest({ method = 'GET', url = '/', rawHeaders }: RawRequest): ReadRequest {
  const { path, rawPath, query, authority } = parseTarget(url)
  const headers = readHeaders(rawHeaders)
  if (authority !== null) {
    if (headers.host === undefined) headers.host = authority
    else if (withoutDefaultPort(headers.host) !== withoutDefaultPort(authority))
      throw new MalformedRequest(
        'header',
        'host',
        'The header host must name the host of the request target.',
      )
  }
  return { method, path, rawPath, query, headers }
}

function withoutDefaultPort(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)$/, '')
}
