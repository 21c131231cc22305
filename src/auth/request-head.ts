import { carriedHeaders, withCarriedHeaders } from './carried-headers.ts'
import { MalformedRequest } from './malformed-request.ts'
import { readHeaders, type RequestHeaders } from './request-headers.ts'
import type { RequestQuery } from './request-query.ts'
import { parseTarget } from './request-target.ts'

/**
 * Method, target and headers of a request, read once, before anything is decided. Signatures are verified over this reading and all later
 * stages see nothing else, so that what is done is what was signed. Texts of headers hold one character per byte.
 */
export interface RequestHead {
  readonly method: string
  /** In its canonical encoding; see {@link parseTarget}. */
  readonly path: string
  /** The path as it was sent, to be shown again. */
  readonly rawPath: string
  readonly query: RequestQuery
  /** By which arguments the query is signed, if it is. */
  readonly presignedBy: PresignedBy | null
  /** Those that count: the headers sent, and those that the query of a presigned request carries. */
  readonly headers: RequestHeaders
  /** The x-amz-* headers in the query of a presigned request; null: none. */
  readonly carried: RequestHeaders | null
}

type PresignedBy = 'version-4' | 'version-2'

/** The request line and headers of a request as they came; an `IncomingMessage` is one. */
interface RawRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[]
}

/** Reads a request. Throws {@link MalformedRequest} for one that could be read in two ways. */
export function parseRequestHead({ method = 'GET', url = '/', rawHeaders }: RawRequest): RequestHead {
  const { path, rawPath, query, authority } = parseTarget(url)
  const sent = readHeaders(rawHeaders)
  if (authority !== null) {
    if (sent.host === undefined) sent.host = authority
    else if (withoutDefaultPort(sent.host) !== withoutDefaultPort(authority))
      throw new MalformedRequest(
        'header',
        'host',
        'The header host must name the host of the request target.',
      )
  }
  const presignedBy = mechanismOf(query)
  const carried = presignedBy === null ? null : carriedHeaders(query)
  const headers = carried === null ? sent : withCarriedHeaders(sent, carried)
  return { method, path, rawPath, query, presignedBy, headers, carried }
}

function mechanismOf({ values, repeated }: RequestQuery): PresignedBy | null {
  if (values.size === 0 && repeated.size === 0) return null
  const has = (name: string): boolean => values.has(name) || repeated.has(name)
  if (has('X-Amz-Algorithm') || has('X-Amz-Signature')) return 'version-4'
  return has('Signature') && has('AWSAccessKeyId') ? 'version-2' : null
}

function withoutDefaultPort(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)$/, '')
}
