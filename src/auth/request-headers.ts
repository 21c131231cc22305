import type { IncomingHttpHeaders } from 'node:http'
import { MalformedRequest } from './malformed-request.ts'

/**
 * A request's headers by lower-case name, one character per byte; without a prototype, so that no name finds what was not sent. Values of a
 * repeated header are joined by commas without spaces, as they are signed.
 */
export type RequestHeaders = Readonly<IncomingHttpHeaders>

/** Headers of HTTP that have one value: with two, server, proxy and signature could each follow another one. */
const SINGLE_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'expires',
  'host',
  'if-modified-since',
  'if-range',
  'if-unmodified-since',
  'origin',
  'range',
  'referer',
  'transfer-encoding',
])

/** Those of Amazon's headers that hold lists, which some clients send item by item. All others have one value. */
const LIST_HEADERS: ReadonlySet<string> = new Set([
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-object-attributes',
  'x-amz-optional-object-attributes',
])

const AMZ_PREFIX = 'x-amz-'
const METADATA_PREFIX = 'x-amz-meta-'
/** What a client tells of itself in the place of User-Agent; nothing follows from it. */
const AMZ_USER_AGENT = 'x-amz-user-agent'

/** What headers inherit from: nothing. As a constructor's prototype it leaves objects their fast form, which `Object.create(null)` does not. */
const NOTHING: object = Object.create(null) as object
const Headers = function Headers() {} as unknown as { new (): IncomingHttpHeaders; prototype: object }
Headers.prototype = NOTHING

/** Makes headers: no name is there but those that are put in. */
export function emptyHeaders(): IncomingHttpHeaders {
  return new Headers()
}

/**
 * Reads names and values in turn, as node:http has them. Throws {@link MalformedRequest} for a header that has one value and comes twice, and
 * for one of Amazon's whose value is not what is signed: signatures see a run of blanks as one space.
 */
export function readHeaders(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const headers = emptyHeaders()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    const isStrict = name === 'host' || isInterpreted(name)
    if (isStrict && hasRunOfBlanks(value))
      throw new MalformedRequest(
        'header',
        name,
        `The header ${name} must not hold a tab or two spaces in a row.`,
      )
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (SINGLE_HEADERS.has(name) || (isStrict && !LIST_HEADERS.has(name)))
      throw new MalformedRequest('header', name, `The header ${name} must come once.`)
    else headers[name] = `${String(before)},${value}`
  }
  return headers
}

/** Whether the server acts on a header of Amazon's, unlike metadata, which it keeps. */
function isInterpreted(name: string): boolean {
  return name.startsWith(AMZ_PREFIX) && !name.startsWith(METADATA_PREFIX) && name !== AMZ_USER_AGENT
}

function hasRunOfBlanks(value: string): boolean {
  return value.includes('  ') || value.includes('\t')
}
