import * as library from '@rgrove/parse-xml'
import { ProtocolFailure } from '../protocol-failure.ts'

/** One element. Names are without namespace prefixes: S3 does not look at namespaces. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text directly inside, joined. */
  readonly text: string
}

/** Deeper than any document of the API. */
const DEPTH_MAX = 16

const LINE_BREAK = /\r\n?/g

/**
 * Parses a well-formed document of XML 1.0 into its root element; comments and processing instructions are skipped. A document type is
 * refused, so nothing can be declared that would expand. The caller bounds the length. Throws ProtocolFailure `MalformedXML`.
 */
export function parseXml(text: string): XmlElement {
  const { children } = parseDocument(text)
  for (const node of children)
    if (node instanceof library.XmlDocumentType) throw malformed('a document type is not allowed')
  const root = children.find((node) => node instanceof library.XmlElement)
  if (!root) throw malformed('it has no root element')
  return toElement(root, 1)
}

function parseDocument(text: string): library.XmlDocument {
  try {
    // XML 1.0, 2.11. The library does this as well, one line break at a time over the whole text: too slow where there are many.
    return library.parseXml(text.replace(LINE_BREAK, '\n'), { preserveDocumentType: true })
  } catch (error) {
    if (error instanceof library.XmlError) throw malformed(error.message.split('\n', 1)[0] ?? '')
    // The library descends by recursion: some thousand levels use up the stack.
    if (error instanceof RangeError) throw malformed(`elements nest deeper than ${DEPTH_MAX}`)
    throw error
  }
}

function toElement(element: library.XmlElement, depth: number): XmlElement {
  if (depth > DEPTH_MAX) throw malformed(`elements nest deeper than ${DEPTH_MAX}`)
  const children: XmlElement[] = []
  let text = ''
  for (const node of element.children) {
    if (node instanceof library.XmlElement) children.push(toElement(node, depth + 1))
    else if (node instanceof library.XmlText) text += node.text
  }
  const attributes = new Map<string, string>()
  for (const [name, value] of Object.entries(element.attributes)) attributes.set(localName(name), value)
  return { name: localName(element.name), attributes, children, text }
}

const malformed = (problem: string): ProtocolFailure =>
  new ProtocolFailure('MalformedXML', `the document is not well formed: ${problem}`)

const localName = (qualifiedName: string): string => qualifiedName.slice(qualifiedName.indexOf(':') + 1)
