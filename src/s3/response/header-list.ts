import { isHeaderText } from '../../base/header-characters.ts'
import { isHeaderName } from '../../base/header-name.ts'

const LENGTH = 'content-length'

/**
 * The headers of a response (name, value, name, value, …) in the order in which node:http writes each value's characters as the bytes that they
 * stand for: it takes the text of a Content-Disposition that comes behind a Content-Length for UTF-8 (nodejs/node#46528), so the length comes last.
 */
export function orderedHeaders(headers: readonly string[]): string[] {
  const ordered: string[] = []
  let length: string | undefined
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? ''
    const value = headers[at + 1] ?? ''
    if (name.length === LENGTH.length && name.toLowerCase() === LENGTH) length = value
    else ordered.push(name, value)
  }
  if (length !== undefined) ordered.push('Content-Length', length)
  return ordered
}

/**
 * The headers without what HTTP cannot carry. Nothing of the kind is taken any more, but what an older release stored must not make its object
 * unreadable: characters beyond a byte become their UTF-8 bytes, control characters spaces, and a header whose name is none is left out.
 */
export function writableHeaders(headers: readonly string[]): string[] {
  const writable: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? ''
    const value = headers[at + 1] ?? ''
    if (isHeaderName(name)) writable.push(name, isHeaderText(value) ? value : writableText(value))
  }
  return writable
}

function writableText(text: string): string {
  const bytes = /[^\x00-\xff]/.test(text) ? Buffer.from(text).toString('latin1') : text
  return bytes.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ')
}
