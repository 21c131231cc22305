import { parseHttpDate } from '../../base/http-date.ts'
import { parseIso8601 } from '../../base/iso-8601.ts'
import type { ListShape, Member, Shape, StructureShape, ValueOf } from '../../model/shape.ts'
import { ProtocolFailure } from '../protocol-failure.ts'
import { parseXml, type XmlElement } from './parser.ts'
import type { XmlValue } from './writer.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a document whose root element is `rootName` into the value that the shape describes. Unknown elements, missing required ones,
 * repeated single ones and values of the wrong kind throw ProtocolFailure `MalformedXML`, which says where.
 */
export function readXmlDocument<S extends Shape>(shape: S, rootName: string, bytes: Uint8Array): ValueOf<S> {
  const root = parseXml(decode(bytes))
  if (root.name !== rootName) throw malformed(`expected the root element ${rootName}, got ${root.name}`)
  // readElement follows the shape, so what it gives is what ValueOf says.
  return readElement(shape, [root], rootName) as ValueOf<S>
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw malformed('expected UTF-8 text')
  }
}

/** `elements`: all that have the name that the value is looked for under. */
function readElement(shape: Shape, elements: readonly XmlElement[], path: string): XmlValue {
  if (shape.type === 'list') return readList(shape, elements, path)
  const element = only(elements, path)
  if (shape.type === 'structure') return readStructure(shape, element, path)
  const [child] = element.children
  if (child) throw malformed(`${path} holds text only, got element ${child.name}`)
  return readText(shape, element.text, path)
}

function readList(shape: ListShape, elements: readonly XmlElement[], path: string): XmlValue {
  if (shape.isFlattened) return readItems(shape, elements, path)
  const wrapper = only(elements, path)
  const name = shape.memberName ?? 'member'
  refuseOthers(wrapper, (child) => child === name, path)
  return readItems(shape, wrapper.children, `${path}/${name}`)
}

function readItems(shape: ListShape, items: readonly XmlElement[], path: string): XmlValue {
  if (shape.lengthMax !== undefined && items.length > shape.lengthMax)
    throw malformed(`${path} may occur ${shape.lengthMax} times, got ${items.length}`)
  return items.map((item) => readElement(shape.member, [item], path))
}

function readStructure(shape: StructureShape, element: XmlElement, path: string): XmlValue {
  const value: Record<string, XmlValue> = {}
  const known = new Set<string>()
  for (const [memberName, member] of Object.entries(shape.members)) {
    if (member.location) continue
    const name = elementNameOf(memberName, member)
    known.add(name)
    const read = member.isXmlAttribute
      ? readAttribute(member.shape, element, name, path)
      : readMember(member.shape, element, name, path)
    if (read !== undefined) value[memberName] = read
    else if (member.isRequired) throw malformed(`${path} must have ${name}`)
  }
  refuseOthers(element, (name) => known.has(name), path)
  return value
}

function readMember(shape: Shape, element: XmlElement, name: string, path: string): XmlValue | undefined {
  const children = element.children.filter((child) => child.name === name)
  return children.length > 0 ? readElement(shape, children, `${path}/${name}`) : undefined
}

function readAttribute(shape: Shape, element: XmlElement, name: string, path: string): XmlValue | undefined {
  const text = element.attributes.get(name)
  return text === undefined ? undefined : readText(shape, text, `${path}/@${name}`)
}

/** The parser leaves out namespace prefixes; so must the names looked for (`xsi:type` → `type`). */
function elementNameOf(memberName: string, member: Member): string {
  const name = member.xmlName ?? memberName
  return name.slice(name.indexOf(':') + 1)
}

function only(elements: readonly XmlElement[], path: string): XmlElement {
  const [element, ...others] = elements
  if (!element || others.length > 0) throw malformed(`expected one ${path}, got ${elements.length}`)
  return element
}

function refuseOthers(element: XmlElement, isKnown: (name: string) => boolean, path: string): void {
  if (element.text.trim() !== '') throw malformed(`${path} holds elements only, got text`)
  for (const { name } of element.children)
    if (!isKnown(name)) throw malformed(`${path} has no element ${name}`)
}

function readText(shape: Shape, text: string, path: string): XmlValue {
  const trimmed = text.trim()
  switch (shape.type) {
    case 'string':
      if (shape.values && !shape.values.includes(text))
        throw malformed(`${path} must be one of ${shape.values.join(', ')}, got ${text}`)
      return text
    case 'boolean':
      if (trimmed !== 'true' && trimmed !== 'false')
        throw malformed(`${path} must be true or false, got ${text}`)
      return trimmed === 'true'
    case 'integer':
    case 'long': {
      const number = Number(trimmed)
      if (!/^[+-]?[0-9]+$/.test(trimmed) || !Number.isSafeInteger(number))
        throw malformed(`${path} must be an integer, got ${text}`)
      return number
    }
    case 'timestamp': {
      const instant = parseIso8601(trimmed) ?? (shape.format === 'httpDate' ? parseHttpDate(trimmed) : null)
      if (instant === null) throw malformed(`${path} must be a date, got ${text}`)
      return instant
    }
    default:
      throw new TypeError(`a ${shape.type} has no form in a document, at ${path}`)
  }
}

/** The bytes are no document of the shape that was asked for. */
const malformed = (message: string): ProtocolFailure =>
  new ProtocolFailure('MalformedXML', message.slice(0, 500))
