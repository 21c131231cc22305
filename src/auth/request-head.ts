import type { IncomingHttpHeaders } from 'node:http'

/**
 * What of a request a signature covers. An `IncomingMessage` is one. Texts hold one character per byte, as node:http gives them and
 * takes them.
 */
export interface RequestHead {
  readonly method?: string | undefined
  /** The request target as on the request line: path and query, still encoded. */
  readonly url?: string | undefined
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn, as sent. Tells repeated headers apart from one value with commas; may be empty where none is repeated. */
  readonly rawHeaders: readonly string[]
}

/** A header's values joined as signatures want them: by commas without spaces. Undefined when it is absent. */
export function headerValue(head: RequestHead, name: string): string | undefined {
  const value = head.headers[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string') return value.join(',')
  // node:http joins repeated headers with ', ', which a single value may hold as well.
  return value.includes(', ') ? joinedRawValues(head.rawHeaders, name, value) : value
}

function joinedRawValues(rawHeaders: readonly string[], name: string, whole: string): string {
  const values: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const rawName = rawHeaders[at] ?? ''
    if (rawName.length === name.length && rawName.toLowerCase() === name)
      values.push(rawHeaders[at + 1] ?? '')
  }
  return values.length > 1 ? values.join(',') : whole
}

/** Splits a request target at its first question mark; the query has none and is empty when absent. */
export function splitTarget(url: string): { path: string; query: string } {
  const mark = url.indexOf('?')
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}
