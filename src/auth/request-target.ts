import { canonicalText } from './canonical-text.ts'
import { MalformedRequest } from './malformed-request.ts'
import { parseQuery, type RequestQuery } from './request-query.ts'

/** What a request line asks for, read once. */
export interface RequestTarget {
  /** In its canonical encoding, beginning with a slash; empty and dot segments are kept. */
  readonly path: string
  /** The path as it was sent, to be shown again and for nothing else. */
  readonly rawPath: string
  readonly query: RequestQuery
  /** Host and port of the absolute form, which proxies send; null in the usual form. */
  readonly authority: string | null
}

/** Reads a request target: `/path?query`, or `http://host/path?query`. Throws {@link MalformedRequest}. */
export function parseTarget(url: string): RequestTarget {
  const { authority, origin } = url.startsWith('/') ? { authority: null, origin: url } : absoluteForm(url)
  const mark = origin.indexOf('?')
  const rawPath = mark < 0 ? origin : origin.slice(0, mark)
  return {
    path: canonicalPathText(rawPath),
    rawPath,
    query: parseQuery(mark < 0 ? '' : origin.slice(mark + 1)),
    authority,
  }
}

function canonicalPathText(rawPath: string): string {
  const path = canonicalText(rawPath, 'path')
  if (path === null) throw malformed('a % in the path must be followed by two hexadecimal digits')
  return path
}

function absoluteForm(url: string): { authority: string; origin: string } {
  const isHttp = /^https?:\/\//i.exec(url)
  if (!isHttp) throw malformed('it must be a path, or a URL of http or https')
  const from = isHttp[0].length
  let end = from
  while (end < url.length && url[end] !== '/' && url[end] !== '?') end++
  const rest = url.slice(end)
  return { authority: url.slice(from, end), origin: rest.startsWith('/') ? rest : `/${rest}` }
}

function malformed(problem: string): MalformedRequest {
  return new MalformedRequest('target', null, `The request target cannot be read: ${problem}.`)
}
