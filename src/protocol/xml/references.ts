import { notWellFormed } from './malformed-xml.ts'

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const EACH_REFERENCE = /&(?:#x([\da-fA-F]{1,8})|#(\d{1,10})|([a-z]{1,8}));|&/g
const CODE_POINT_MAX = 0x10ffff

/**
 * Text with its references put in: the five that XML names, and characters by number. S3 accepts, and writes, `&#x1;` in the keys of
 * objects, as XML 1.1 does, and nothing else could name such a key in a document; `&#0;` is no character anywhere. Throws ProtocolFailure
 * `MalformedXML`.
 */
export function decodeXmlText(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(EACH_REFERENCE, (whole, hexadecimal?: string, decimal?: string, name?: string) => {
    if (name !== undefined) {
      const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined
      if (named === undefined) throw notWellFormed(`${whole} is not declared`)
      return named
    }
    const codePoint =
      hexadecimal !== undefined ? parseInt(hexadecimal, 16) : decimal !== undefined ? Number(decimal) : null
    if (codePoint === null) throw notWellFormed('an ampersand stands for itself')
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff
    if (codePoint === 0 || codePoint > CODE_POINT_MAX || isSurrogate)
      throw notWellFormed(`${whole} is no character`)
    return String.fromCodePoint(codePoint)
  })
}
