import { encodedByte, hexDigit, isUnreservedByte } from '../base/percent-encoding.ts'

/** What of a request target a text is: a path keeps its slashes, and in a query a plus stands for a space. */
type TargetPart = 'path' | 'query'

/**
 * Brings an encoded text into its one canonical encoding: `%XX` in upper case for all but unreserved characters, whatever mixture of
 * raw and encoded characters came. Null when it is malformed: a `%` that starts no escape. Returns the very same string when nothing changes.
 */
export function canonicalText(text: string, part: TargetPart): string | null {
  let canonical = ''
  let copied = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isUnreservedByte(code) || (code === 0x2f && part === 'path')) continue
    let byte = code
    let end = at + 1
    if (code === 0x25) {
      const high = hexDigit(text.charCodeAt(at + 1))
      const low = hexDigit(text.charCodeAt(at + 2))
      if (high < 0 || low < 0) return null
      end = at + 3
      byte = high * 16 + low
      if (!isUnreservedByte(byte) && isUpperHex(text, at + 1)) {
        at += 2
        continue
      }
    } else if (code === 0x2b && part === 'query') {
      byte = 0x20
    } else if (code > 0xff) return null
    canonical += text.slice(copied, at) + encodedByte(byte)
    copied = end
    at = end - 1
  }
  return copied === 0 ? text : canonical + text.slice(copied)
}

function isUpperHex(text: string, at: number): boolean {
  return text.charCodeAt(at) < 0x60 && text.charCodeAt(at + 1) < 0x60
}
