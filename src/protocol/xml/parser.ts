import { ProtocolFailure } from '../protocol-failure.ts'
import { unescapeXml } from './text.ts'

/** One element. Names are without namespace prefixes: S3 does not look at namespaces. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text directly inside, joined. */
  readonly text: string
}

interface OpenElement {
  readonly qualifiedName: string
  readonly name: string
  readonly attributes: Map<string, string>
  readonly children: XmlElement[]
  text: string
}

/** Deeper than any document of the API. */
const DEPTH_MAX = 16

const NAME = /[\p{L}_:][\p{L}\p{N}_:.-]*/uy
const ATTRIBUTE = /\s+([\p{L}_:][\p{L}\p{N}_:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/uy
const SPACE = /\s*/y
const BLANK = /^\s*$/

/**
 * Parses a well-formed document into its root element. It knows elements, attributes, text, CDATA sections, comments and processing
 * instructions (both skipped); a document type is refused, so nothing can be declared that would expand. Throws ProtocolFailure
 * `MalformedXML`.
 */
export function parseXml(text: string): XmlElement {
  return new XmlParser(text).parse()
}

class XmlParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text
  }

  parse(): XmlElement {
    const open: OpenElement[] = []
    let root: OpenElement | null = null
    while (this.#at < this.#text.length) {
      const markup = this.#text.indexOf('<', this.#at)
      const end = markup < 0 ? this.#text.length : markup
      this.#addText(open.at(-1), this.#text.slice(this.#at, end))
      this.#at = end
      if (markup < 0) break
      if (this.#skip('<!--', '-->') || this.#skip('<?', '?>')) continue
      if (this.#text.startsWith('<![CDATA[', markup)) this.#addLiteral(open.at(-1))
      else if (this.#text.startsWith('</', markup)) this.#close(open)
      else {
        const { element, isEmpty } = this.#open()
        const parent = open.at(-1)
        if (parent) parent.children.push(element)
        else if (root) throw this.#malformed('only one root element is allowed')
        else root = element
        if (!isEmpty && open.push(element) > DEPTH_MAX)
          throw this.#malformed(`elements nest deeper than ${DEPTH_MAX}`)
      }
    }
    if (open.length > 0 || !root) throw this.#malformed('the document ends before its root element does')
    return root
  }

  #addText(parent: OpenElement | undefined, escaped: string): void {
    if (escaped === '') return
    if (!parent) {
      if (!BLANK.test(escaped)) throw this.#malformed('text lies outside of the root element')
      return
    }
    parent.text += this.#unescape(escaped)
  }

  #addLiteral(parent: OpenElement | undefined): void {
    const start = this.#at + '<![CDATA['.length
    const end = this.#text.indexOf(']]>', start)
    if (end < 0 || !parent)
      throw this.#malformed('a CDATA section has no end, or lies outside of the root element')
    parent.text += this.#text.slice(start, end)
    this.#at = end + ']]>'.length
  }

  #open(): { element: OpenElement; isEmpty: boolean } {
    this.#at++
    const qualifiedName = this.#match(NAME)?.[0]
    if (qualifiedName === undefined) throw this.#malformed('expected an element')
    const attributes = new Map<string, string>()
    for (let found = this.#match(ATTRIBUTE); found; found = this.#match(ATTRIBUTE)) {
      const name = localName(found[1] ?? '')
      attributes.set(name, this.#unescape(found[2] ?? found[3] ?? ''))
    }
    this.#match(SPACE)
    const isEmpty = this.#text[this.#at] === '/'
    if (isEmpty) this.#at++
    if (this.#text[this.#at] !== '>') throw this.#malformed(`the tag of ${qualifiedName} has no end`)
    this.#at++
    return {
      element: { qualifiedName, name: localName(qualifiedName), attributes, children: [], text: '' },
      isEmpty,
    }
  }

  #close(open: OpenElement[]): void {
    this.#at += 2
    const name = this.#match(NAME)?.[0]
    this.#match(SPACE)
    const element = open.pop()
    if (!element || element.qualifiedName !== name || this.#text[this.#at] !== '>')
      throw this.#malformed(`expected the end of ${element?.qualifiedName ?? 'the document'}`)
    this.#at++
  }

  /** Skips markup that begins and ends so; false when it is not there. */
  #skip(start: string, end: string): boolean {
    if (!this.#text.startsWith(start, this.#at)) return false
    const found = this.#text.indexOf(end, this.#at + start.length)
    if (found < 0) throw this.#malformed(`${start} has no end`)
    this.#at = found + end.length
    return true
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at = pattern.lastIndex
    return found
  }

  #unescape(escaped: string): string {
    const text = unescapeXml(escaped)
    if (text === null) throw this.#malformed('a reference is unknown or has no end')
    return text
  }

  #malformed(problem: string): ProtocolFailure {
    return new ProtocolFailure(
      'MalformedXML',
      `the document is not well formed: ${problem} (at character ${this.#at})`,
    )
  }
}

const localName = (qualifiedName: string): string => qualifiedName.slice(qualifiedName.indexOf(':') + 1)
