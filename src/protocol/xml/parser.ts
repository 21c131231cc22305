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
 * Parses a well-formed document of XML 1.0, with the character references of XML 1.1, into its root element; comments and processing instructions are skipped. A document type is
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
    return library.parseXml(nameControlCharacters(text.replace(LINE_BREAK, '\n')), {
      preserveDocumentType: true,
      resolveUndefinedEntity: controlCharacter,
    })
  } catch (error) {
    if (error instanceof library.XmlError) throw malformed(error.message.split('\n', 1)[0] ?? '')
    // The library descends by recursion: some thousand levels use up the stack.
    if (error instanceof RangeError) throw malformed(`elements nest deeper than ${DEPTH_MAX}`)
    throw error
  }
}

/** References to characters that XML 1.0 does not allow, not even so; `&#0;` is no character anywhere. */
const CONTROL_REFERENCE = /&#(?:x0*(?:[1-8bcef]|1[\da-f]|fff[ef])|0*(?:[1-8]|1[124-9]|2\d|3[01]|6553[45]));/i
/** As above, or what only looks like one: all of a comment or CDATA section, to its end or that of the document. */
const EACH_CONTROL_REFERENCE = new RegExp(
  `<!--(?:[^]*?-->|[^]*)|<!\\[CDATA\\[(?:[^]*?\\]\\]>|[^]*)|${CONTROL_REFERENCE.source}`,
  'gi',
)
const ENTITY_PREFIX = 'control-character-'

/**
 * S3 accepts, and writes, `&#x1;` in the keys of objects, and nothing else could name such a key in a document. XML 1.1 has these
 * references; the library reads XML 1.0, where they can be had as entities.
 */
function nameControlCharacters(text: string): string {
  if (!CONTROL_REFERENCE.test(text) || text.includes(`&${ENTITY_PREFIX}`)) return text
  return text.replace(EACH_CONTROL_REFERENCE, (found) => {
    if (!found.startsWith('&')) return found
    const digits = found.slice(2, -1).toLowerCase()
    return `&${ENTITY_PREFIX}${digits.startsWith('x') ? parseInt(digits.slice(1), 16) : Number(digits)};`
  })
}

function controlCharacter(entity: string): string | undefined {
  const digits = entity.slice(1 + ENTITY_PREFIX.length, -1)
  return entity.startsWith(`&${ENTITY_PREFIX}`) ? String.fromCharCode(Number(digits)) : undefined
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
