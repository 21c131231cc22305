import { hexDigit } from '../../base/percent-encoding.ts'
import { notWellFormed } from './malformed-xml.ts'
import type { MarkupCount } from './markup-count.ts'

const NAMED: ReadonlyMap<string, number> = new Map(
  Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }).map(([name, character]) => [
    name,
    character.charCodeAt(0),
  ]),
)
const CODE_POINT_MAX = 0x10ffff
/** Longest reference, from the ampersand to the semicolon: `&#1114111;` with zeros before it. */
const REFERENCE_CHARACTERS_MAX = 13
const AMPERSAND = 0x26
const NUMBER_SIGN = 0x23
const SEMICOLON = 0x3b
const LETTER_X = 0x78
/** Characters that are put together at a time. */
const RUN_CHARACTERS = 8 * 1024

const run = new Uint16Array(RUN_CHARACTERS)
const runBytes = Buffer.from(run.buffer)

/**
 * Puts in the references of one document: the five that XML names, and characters by number. S3 accepts, and writes, `&#x1;` in the keys of
 * objects, as XML 1.1 does, and nothing else could name such a key in a document; `&#0;` is no character anywhere. Each costs no more than its
 * characters.
 */
export class References {
  readonly #markup: MarkupCount

  constructor(markup: MarkupCount) {
    this.#markup = markup
  }

  /** Text with its references put in. Throws ProtocolFailure `malformed-document`, also when the document has too many. */
  decode(text: string): string {
    if (!text.includes('&')) return text
    let decoded = ''
    let length = 0
    for (let at = 0; at < text.length; at++) {
      if (length > RUN_CHARACTERS - 2) {
        decoded += runBytes.toString('utf16le', 0, length * 2)
        length = 0
      }
      const code = text.charCodeAt(at)
      if (code !== AMPERSAND) {
        run[length++] = code
        continue
      }
      this.#markup.add()
      const end = referenceEnd(text, at)
      const codePoint =
        text.charCodeAt(at + 1) === NUMBER_SIGN ? numbered(text, at + 2, end) : named(text.slice(at + 1, end))
      if (codePoint > 0xffff) {
        run[length++] = 0xd800 + ((codePoint - 0x10000) >> 10)
        run[length++] = 0xdc00 + ((codePoint - 0x10000) & 0x3ff)
      } else {
        run[length++] = codePoint
      }
      at = end
    }
    return decoded + runBytes.toString('utf16le', 0, length * 2)
  }
}

/** Where the semicolon is of the reference that begins at `at`; a search for it costs several times as much as the few characters before it. */
function referenceEnd(text: string, at: number): number {
  const last = Math.min(at + REFERENCE_CHARACTERS_MAX, text.length - 1)
  for (let end = at + 1; end <= last; end++) if (text.charCodeAt(end) === SEMICOLON) return end
  throw notWellFormed('an ampersand stands for itself')
}

/** The character of a name between `&` and `;`. */
function named(name: string): number {
  const codePoint = NAMED.get(name)
  if (codePoint !== undefined) return codePoint
  throw notWellFormed(
    /^[a-z]{1,8}$/.test(name) ? `&${name}; is not declared` : 'an ampersand stands for itself',
  )
}

/** The character of a number, from behind `&#` to the semicolon: `97` or `x61`. */
function numbered(text: string, from: number, end: number): number {
  const isHexadecimal = text.charCodeAt(from) === LETTER_X
  const start = isHexadecimal ? from + 1 : from
  const digits = end - start
  if (digits < 1 || digits > (isHexadecimal ? 8 : 10)) throw notWellFormed('an ampersand stands for itself')
  let number = 0
  for (let at = start; at < end; at++) {
    const digit = hexDigit(text.charCodeAt(at))
    if (digit < 0 || (digit > 9 && !isHexadecimal)) throw notWellFormed('an ampersand stands for itself')
    number = number * (isHexadecimal ? 16 : 10) + digit
  }
  const isSurrogate = number >= 0xd800 && number <= 0xdfff
  if (number === 0 || number > CODE_POINT_MAX || isSurrogate)
    throw notWellFormed(`${text.slice(from - 2, end + 1)} is no character`)
  return number
}
