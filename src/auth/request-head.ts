import { carriedHeaders, withCarriedHeaders, type PresignedBy } from './carried-headers.ts'
import { MalformedRequest } from './malformed-request.ts'
import { readRequest, type RawRequest, type ReadRequest } from './read-request.ts'
import type { RequestHeaders } from './request-headers.ts'
import type { RequestQuery } from './request-query.ts'
import {
  isPresignedByVersion2,
  readVersion2Arguments,
  type Version2Arguments,
} from './version-2-arguments.ts'

/**
 * Method, target and headers of a request, read once, before anything is decided. Signatures are verified over this reading and all later
 * stages see nothing else, so that what is done is what was signed. Texts of headers hold one character per byte.
 */
export interface RequestHead extends ReadRequest {
  /** The arguments that count: all, or those that version 2 signs. */
  readonly query: RequestQuery
  /** By which arguments the query is signed, if it is. */
  readonly presignedBy: PresignedBy | null
  /** Those that count: the headers sent, and those that the query of a presigned request carries. */
  readonly headers: RequestHeaders
  /** The headers in the query of a presigned request; null: none. */
  readonly carried: RequestHeaders | null
  /** What the query says that is signed by version 2; null: it is not. */
  readonly version2: Version2Arguments | null
}

/** As S3 words it. */
export const ONE_MECHANISM =
  'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified'

/** Reads a request. Throws {@link MalformedRequest} for one that could be read in two ways. */
export function parseRequestHead(request: RawRequest): RequestHead {
  const { method, path, rawPath, query, headers: sent } = readRequest(request)
  const presignedBy = mechanismOf(query)
  const carried = presignedBy === null ? null : carriedHeaders(query, presignedBy)
  const headers =
    presignedBy === null || (carried === null && presignedBy === 'version-4')
      ? sent
      : withCarriedHeaders(sent, carried ?? {}, presignedBy)
  const version2 = presignedBy === 'version-2' ? readVersion2Arguments(query, sent, carried) : null
  return {
    method,
    path,
    rawPath,
    query: version2?.signed ?? query,
    presignedBy,
    headers,
    carried,
    version2,
  }
}

function mechanismOf(query: RequestQuery): PresignedBy | null {
  const { values, repeated } = query
  if (values.size === 0 && repeated.size === 0) return null
  const has = (name: string): boolean => values.has(name) || repeated.has(name)
  const isVersion4 = has('X-Amz-Algorithm') || has('X-Amz-Signature')
  if (!isPresignedByVersion2(query)) return isVersion4 ? 'version-4' : null
  if (!isVersion4) return 'version-2'
  throw new MalformedRequest('argument', 'Signature', ONE_MECHANISM)
}
