import { encodedByte, hexDigit, isUnreservedByte, percentEncodePath } from '../base/percent-encoding.ts'

/**
 * How a service canonicalises the path. `single`: S3; the path as sent, each byte encoded once, empty and dot segments kept.
 * `double`: every other service; dot segments resolved, repeated slashes merged, and the encoded path encoded once more.
 */
export type PathRule = 'single' | 'double'

/** The canonical form of a raw request path. */
export function canonicalPath(path: string, rule: PathRule): string {
  if (path === '' || path === '/') return '/'
  return rule === 'single' ? reencode(path, true) : percentEncodePath(resolveSegments(path))
}

/**
 * Brings an encoded text into the one canonical encoding: `%XX` in upper case for all but unreserved characters, whatever mixture of
 * raw and encoded characters came. A `%` that starts no escape counts as itself. Returns the very same string when nothing changes.
 */
export function reencode(text: string, keepsSlash: boolean): string {
  let canonical = ''
  let copied = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isUnreservedByte(code) || (keepsSlash && code === 0x2f)) continue
    let byte = code
    let end = at + 1
    if (code === 0x25) {
      const high = hexDigit(text.charCodeAt(at + 1))
      const low = hexDigit(text.charCodeAt(at + 2))
      if (high >= 0 && low >= 0) {
        end = at + 3
        byte = high * 16 + low
        if (!isUnreservedByte(byte) && isUpperHex(text, at + 1)) {
          at += 2
          continue
        }
      }
    } else if (code === 0x2b && !keepsSlash) {
      // In a query a plus stands for a space.
      byte = 0x20
    }
    canonical += text.slice(copied, at) + encodedByte(byte)
    copied = end
    at = end - 1
  }
  return copied === 0 ? text : canonical + text.slice(copied)
}

function isUpperHex(text: string, at: number): boolean {
  return text.charCodeAt(at) < 0x60 && text.charCodeAt(at + 1) < 0x60
}

function resolveSegments(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const isFolder = path.endsWith('/') || path.endsWith('/.') || path.endsWith('/..')
  return kept.length === 0 ? '/' : `/${kept.join('/')}${isFolder ? '/' : ''}`
}
