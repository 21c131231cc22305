import { parseHttpDate } from '../../base/http-date.ts'
import { parseIso8601 } from '../../base/iso-8601.ts'
import type { ListShape, Member, Shape, StructureShape, ValueOf } from '../../model/shape.ts'
import { malformed } from './malformed-xml.ts'
import { localName, XmlScanner, type XmlTag } from './scanner.ts'
import type { XmlValue } from './writer.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a document into the value that the shape describes. `rootName` is what errors call the root element: its name in the document does
 * not matter, as it does not to S3, since older SDKs call it after the shape (`CompletedMultipartUpload`), unless it is all that there is: nothing
 * else would tell an empty document from another one. Unknown elements, missing required
 * ones, repeated single ones and values of the wrong kind throw ProtocolFailure `malformed-document`, which says where. The shape leads: nothing is
 * kept that it does not ask for, and the first element that it does not know ends the reading.
 */
export function readXmlDocument<S extends Shape>(shape: S, rootName: string, bytes: Uint8Array): ValueOf<S> {
  const scanner = new XmlScanner(decode(bytes))
  const root = scanner.openRoot()
  const { name } = root
  const value = readElement(shape, scanner, root, rootName)
  scanner.finish()
  if (name !== rootName && isEmpty(value))
    throw malformed(`expected the root element ${rootName}, got ${name}`)
  // readElement follows the shape, so what it gives is what ValueOf says.
  return value as ValueOf<S>
}

const isEmpty = (value: XmlValue): boolean => typeof value === 'object' && Object.keys(value).length === 0

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw malformed('expected UTF-8 text')
  }
}

/** Reads the element whose tag was read last, to its end. */
function readElement(shape: Shape, scanner: XmlScanner, tag: XmlTag, path: string): XmlValue {
  if (shape.type === 'list') return readWrappedList(shape, scanner, path)
  if (shape.type === 'structure') return readStructure(shape, scanner, tag, path)
  return readText(shape, scanner.readText(path), path)
}

function readWrappedList(shape: ListShape, scanner: XmlScanner, path: string): XmlValue {
  const name = shape.memberName ?? 'member'
  const itemPath = `${path}/${name}`
  const items: XmlValue[] = []
  for (let tag = scanner.nextElement(path); tag; tag = scanner.nextElement(path)) {
    if (tag.name !== name) throw malformed(`${path} has no element ${tag.name}`)
    readItem(shape, scanner, tag, itemPath, items)
  }
  return items
}

function readItem(
  { member, lengthMax }: ListShape,
  scanner: XmlScanner,
  tag: XmlTag,
  path: string,
  items: XmlValue[],
): void {
  if (items.length === lengthMax) throw malformed(`${path} may occur ${lengthMax} times, got more`)
  items.push(readElement(member, scanner, tag, path))
}

function readStructure(shape: StructureShape, scanner: XmlScanner, tag: XmlTag, path: string): XmlValue {
  const { elements, attributes, required } = namesOf(shape)
  const value: Record<string, XmlValue> = {}
  for (const { memberName, name, member } of attributes) {
    const text = attributeOf(tag, name)
    if (text !== undefined) value[memberName] = readText(member.shape, text, `${path}/@${name}`)
  }
  for (let child = scanner.nextElement(path); child; child = scanner.nextElement(path)) {
    const found = elements.get(child.name)
    if (!found) throw malformed(`${path} has no element ${child.name}`)
    readMember(found, scanner, child, pathOf(found, path), value)
  }
  for (const { memberName, name } of required)
    if (value[memberName] === undefined) throw malformed(`${path} must have ${name}`)
  return value
}

function readMember(
  { memberName, member: { shape } }: NamedMember,
  scanner: XmlScanner,
  tag: XmlTag,
  path: string,
  value: Record<string, XmlValue>,
): void {
  if (shape.type === 'list' && shape.isFlattened === true) {
    // Made here and nowhere else, for this member.
    const items = (value[memberName] ??= []) as XmlValue[]
    readItem(shape, scanner, tag, path, items)
    return
  }
  if (value[memberName] !== undefined) throw malformed(`expected one ${path}, got 2`)
  value[memberName] = readElement(shape, scanner, tag, path)
}

/** Where a member's element is. The items of a list are all in the same place, and there may be 10,000. */
function pathOf(named: NamedMember, parentPath: string): string {
  if (named.place?.parentPath !== parentPath)
    named.place = { parentPath, path: `${parentPath}/${named.name}` }
  return named.place.path
}

interface NamedMember {
  readonly memberName: string
  /** Of the element or attribute. */
  readonly name: string
  readonly member: Member
  /** Where it was met last. */
  place: { readonly parentPath: string; readonly path: string } | null
}

interface StructureNames {
  readonly elements: ReadonlyMap<string, NamedMember>
  readonly attributes: readonly NamedMember[]
  readonly required: readonly NamedMember[]
}

const namesOfShapes = new WeakMap<StructureShape, StructureNames>()

function namesOf(shape: StructureShape): StructureNames {
  const known = namesOfShapes.get(shape)
  if (known) return known
  const members = Object.entries(shape.members)
    .filter(([, { location }]) => location === undefined)
    .map(([memberName, member]): NamedMember => ({
      memberName,
      name: elementNameOf(memberName, member),
      member,
      place: null,
    }))
  const isAttribute = ({ member }: NamedMember): boolean => member.isXmlAttribute === true
  const names: StructureNames = {
    elements: new Map(members.filter((named) => !isAttribute(named)).map((named) => [named.name, named])),
    attributes: members.filter(isAttribute),
    required: members.filter(({ member }) => member.isRequired),
  }
  namesOfShapes.set(shape, names)
  return names
}

/** The scanner leaves out namespace prefixes; so must the names looked for (`xsi:type` → `type`). */
const elementNameOf = (memberName: string, member: Member): string => localName(member.xmlName ?? memberName)

function attributeOf({ attributes }: XmlTag, name: string): string | undefined {
  if (attributes)
    for (const [qualifiedName, text] of attributes) if (localName(qualifiedName) === name) return text
  return undefined
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
