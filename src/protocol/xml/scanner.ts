import { malformed, notWellFormed } from './malformed-xml.ts'
import { MarkupCount } from './markup-count.ts'
import { References } from './references.ts'

/** The start of an element. Names are without namespace prefixes: S3 does not look at namespaces. */
export interface XmlTag {
  readonly name: string
  /** By name with its prefix. Null: it has none. */
  readonly attributes: ReadonlyMap<string, string> | null
}

/** Far more than any element of the API has; each is kept until its element is read. */
const ATTRIBUTES_MAX = 64

const NAME =
  /[:A-Z_a-z\u00c0-\u02ff\u0370-\u1fff\u200c-\ufdff\u{10000}-\u{effff}][-.:\w\u00b7\u00c0-\u1fff\u200c-\ufdff\u{10000}-\u{effff}]*/uy
const DECLARATION =
  /<\?xml\s+version\s*=\s*["']1\.\d{1,3}["'](?:\s+encoding\s*=\s*["'][A-Za-z][-.\w]{0,40}["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/y
const SPACE = /[ \t\n]*/y
const SPACE_CODE = 0x20
const LINE_BREAK = /\r\n?/g
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/**
 * Reads a document of XML 1.0 (with the character references of XML 1.1) from its beginning to its end, one element at a time as it is asked
 * for. Nothing of what was passed is kept: what a document costs is its text and what the reader takes out of it. Comments and processing
 * instructions are skipped. A document type is refused, so nothing can be declared that would expand. Throws ProtocolFailure `malformed-document`.
 */
export class XmlScanner {
  readonly #text: string
  readonly #markup = new MarkupCount()
  readonly #references = new References(this.#markup)
  #at = 0
  /** The names of the open elements, with prefixes. */
  readonly #open: string[] = []
  /** The text that was read last. */
  #run = ''
  /** The innermost open element was closed in its own tag. */
  #isEmpty = false

  constructor(text: string) {
    if (FORBIDDEN.test(text)) throw notWellFormed('it holds a character that XML does not allow')
    const broken = text.includes('\r') ? text.replace(LINE_BREAK, '\n') : text
    this.#text = broken.startsWith('\ufeff') ? broken.slice(1) : broken
    if (/^<\?xml\s/.test(this.#text)) {
      DECLARATION.lastIndex = 0
      if (!DECLARATION.test(this.#text)) throw notWellFormed('its XML declaration is not one')
      this.#at = DECLARATION.lastIndex
    }
  }

  /** Enters the root element. */
  openRoot(): XmlTag {
    this.#skipBetween()
    if (this.#text[this.#at] !== '<') throw notWellFormed('it has no root element')
    return this.#openTag()
  }

  /** Enters the next element inside the innermost open one, or leaves that one: null. `path` says where, in errors. */
  nextElement(path: string): XmlTag | null {
    const end = this.#readRun()
    if (this.#run !== '' && this.#run.trim() !== '') throw malformed(`${path} holds elements only, got text`)
    return end === 'closed' ? null : this.#openTag()
  }

  /** All text of the innermost open element, which is left. `path` says where, in errors. */
  readText(path: string): string {
    if (this.#readRun() === 'closed') return this.#run
    throw malformed(`${path} holds text only, got element ${this.#openTag().name}`)
  }

  /** Sees that nothing but comments follows the root element. */
  finish(): void {
    this.#skipBetween()
    if (this.#at < this.#text.length) throw notWellFormed('something follows its root element')
  }

  /** Reads text up to the next tag into `#run`; leaves the innermost element when that is its end. */
  #readRun(): 'closed' | 'element' {
    const text = this.#text
    this.#run = ''
    if (this.#isEmpty) {
      this.#isEmpty = false
      this.#open.pop()
      return 'closed'
    }
    for (;;) {
      const tagAt = text.indexOf('<', this.#at)
      if (tagAt < 0) throw notWellFormed(`element ${this.#open.at(-1) ?? ''} is not closed`)
      if (tagAt > this.#at) {
        const run = text.slice(this.#at, tagAt)
        if (run.includes(']]>')) throw notWellFormed('"]]>" stands outside of a CDATA section')
        this.#run += this.#references.decode(run)
      }
      this.#at = tagAt
      const kind = text.charCodeAt(tagAt + 1)
      if (kind === SOLIDUS) {
        this.#closeTag()
        return 'closed'
      }
      if (kind !== EXCLAMATION_MARK && kind !== QUESTION_MARK) return 'element'
      if (text.startsWith('<![CDATA[', tagAt)) {
        this.#markup.add()
        const from = tagAt + '<![CDATA['.length
        const end = this.#find(']]>', from, 'a CDATA section')
        this.#run += text.slice(from, end)
        this.#at = end + ']]>'.length
      } else if (!this.#skipMarkup()) return 'element'
    }
  }

  #openTag(): XmlTag {
    this.#markup.add()
    this.#at++
    const name = this.#name()
    let attributes: Map<string, string> | null = null
    for (;;) {
      const before = this.#at
      this.#skipSpace()
      const character = this.#text[this.#at]
      if (character === '>' || character === '/') break
      if (this.#at === before) throw notWellFormed(`the tag of element ${name} is not one`)
      attributes ??= new Map()
      this.#readAttribute(name, attributes)
    }
    if (this.#text.startsWith('/>', this.#at)) {
      this.#isEmpty = true
      this.#at++
    }
    this.#expect('>', name)
    this.#open.push(name)
    return { name: localName(name), attributes }
  }

  #readAttribute(elementName: string, attributes: Map<string, string>): void {
    this.#markup.add()
    const name = this.#name()
    this.#skipSpace()
    this.#expect('=', name)
    this.#skipSpace()
    const quote = this.#text[this.#at]
    if (quote !== '"' && quote !== "'") throw notWellFormed(`the value of attribute ${name} has no quotes`)
    const end = this.#find(quote, this.#at + 1, `attribute ${name}`)
    const value = this.#text.slice(this.#at + 1, end)
    if (value.includes('<')) throw notWellFormed(`the value of attribute ${name} holds "<"`)
    if (attributes.has(name)) throw notWellFormed(`attribute ${name} comes twice`)
    if (attributes.size === ATTRIBUTES_MAX)
      throw malformed(`element ${elementName} has more than ${ATTRIBUTES_MAX} attributes`)
    attributes.set(name, this.#references.decode(value.replaceAll(/[\t\n]/g, ' ')))
    this.#at = end + 1
  }

  #closeTag(): void {
    this.#at += 2
    const open = this.#open.pop()
    if (open !== undefined && this.#text.startsWith(`${open}>`, this.#at)) {
      this.#at += open.length + 1
      return
    }
    const name = this.#name()
    this.#skipSpace()
    this.#expect('>', name)
    if (open !== name) throw notWellFormed(`element ${open ?? ''} is closed as ${name}`)
  }

  /** Passes over what may stand before and after the root element. */
  #skipBetween(): void {
    do this.#skipSpace()
    while (this.#skipMarkup())
  }

  /** Passes over a comment or processing instruction; false: there is none. */
  #skipMarkup(): boolean {
    const text = this.#text
    if (text.startsWith('<!--', this.#at)) {
      this.#markup.add()
      const end = this.#find('--', this.#at + 4, 'a comment')
      if (text[end + 2] !== '>') throw notWellFormed('a comment holds "--"')
      this.#at = end + 3
      return true
    }
    if (text.startsWith('<?', this.#at)) {
      this.#markup.add()
      this.#at += 2
      if (this.#name().toLowerCase() === 'xml')
        throw notWellFormed('an XML declaration stands behind its beginning')
      this.#at = this.#find('?>', this.#at, 'a processing instruction') + 2
      return true
    }
    if (text.startsWith('<!', this.#at)) throw notWellFormed('a document type is not allowed')
    return false
  }

  #name(): string {
    const end = plainNameEnd(this.#text, this.#at)
    if (end > this.#at) {
      const name = this.#text.slice(this.#at, end)
      this.#at = end
      return name
    }
    NAME.lastIndex = this.#at
    const found = NAME.exec(this.#text)
    if (!found) throw notWellFormed('a name is missing behind "<"')
    this.#at = NAME.lastIndex
    return found[0]
  }

  #skipSpace(): void {
    if (this.#text.charCodeAt(this.#at) > SPACE_CODE) return
    SPACE.lastIndex = this.#at
    SPACE.test(this.#text)
    this.#at = SPACE.lastIndex
  }

  #expect(character: string, name: string): void {
    if (this.#text[this.#at] !== character) throw notWellFormed(`"${character}" is missing behind ${name}`)
    this.#at++
  }

  #find(end: string, from: number, what: string): number {
    const at = this.#text.indexOf(end, from)
    if (at < 0) throw notWellFormed(`${what} has no end`)
    return at
  }
}

/** Where a name of ASCII letters alone ends; `from` when it is not such a name. All of the API's are, and this is several times as fast. */
function plainNameEnd(text: string, from: number): number {
  let at = from
  while (isLetter(text.charCodeAt(at))) at++
  const next = text.charCodeAt(at)
  return next === GREATER_THAN || next === SOLIDUS || next === SPACE_CODE ? at : from
}

const GREATER_THAN = 0x3e
const SOLIDUS = 0x2f
const EXCLAMATION_MARK = 0x21
const QUESTION_MARK = 0x3f
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a

/** A name without its prefix. */
export const localName = (qualifiedName: string): string =>
  qualifiedName.includes(':') ? qualifiedName.slice(qualifiedName.indexOf(':') + 1) : qualifiedName
