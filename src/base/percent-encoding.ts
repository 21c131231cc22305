import { isUtf8 } from 'node:buffer'

/** Each byte's encoded form: itself when unreserved (RFC 3986, section 2.3), else `%` and two upper-case digits. */
const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  isUnreservedByte(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)
const SLASH = 0x2f
const PERCENT = 0x25
const PLUS = 0x2b

/** Whether the byte is one of `A–Z a–z 0–9 - . _ ~`, which are never encoded. */
export function isUnreservedByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x5f ||
    byte === 0x7e
  )
}

/** UTF-8 bytes of `text`, all but the unreserved ones as `%XX`. */
export function percentEncode(text: string): string {
  return encode(text, false)
}

/** As {@link percentEncode}, but slashes stay: for paths, and for S3 listings with `encoding-type=url`. */
export function percentEncodePath(text: string): string {
  return encode(text, true)
}

/**
 * What a percent-encoded text of a request target stands for, or null when it is malformed: a `%` without two hexadecimal digits, or
 * bytes that are not UTF-8. A character above 0x7f counts as the byte of that value, which is how node:http passes raw bytes on.
 */
export function percentDecode(text: string): string | null {
  return decode(text, false)
}

/** As {@link percentDecode} for names and values of a query, where `+` stands for a space. */
export function percentDecodeQuery(text: string): string | null {
  return decode(text, true)
}

/** The encoded form of one byte. */
export function encodedByte(byte: number): string {
  return ENCODED[byte & 0xff] ?? ''
}

/** Value of a hexadecimal digit's character code, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function encode(text: string, keepsSlash: boolean): string {
  if (isPlain(text, keepsSlash)) return text
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    encoded += keepsSlash && byte === SLASH ? '/' : encodedByte(byte)
  }
  return encoded
}

function isPlain(text: string, keepsSlash: boolean): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!isUnreservedByte(code) && !(keepsSlash && code === SLASH)) return false
  }
  return true
}

function decode(text: string, plusIsSpace: boolean): string | null {
  let at = 0
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === PERCENT || code > 0x7f || (plusIsSpace && code === PLUS)) break
  }
  if (at === text.length) return text

  const bytes = Buffer.allocUnsafe(text.length)
  let length = bytes.write(text.slice(0, at), 'latin1')
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === PERCENT) {
      const high = hexDigit(text.charCodeAt(at + 1))
      const low = hexDigit(text.charCodeAt(at + 2))
      if (high < 0 || low < 0) return null
      bytes[length++] = high * 16 + low
      at += 2
    } else {
      if (code > 0xff) return null
      bytes[length++] = plusIsSpace && code === PLUS ? 0x20 : code
    }
  }
  const decoded = bytes.subarray(0, length)
  return isUtf8(decoded) ? decoded.toString('utf8') : null
}
