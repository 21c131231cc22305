import { isoSecond } from '../../base/iso-8601.ts'
import type { Member, Shape, StructureShape } from '../../model/shape.ts'
import { escapeXml } from './text.ts'

/** A value that a shape of the model describes, as seen by code that works for every shape. */
export type XmlValue =
  | string
  | number
  | boolean
  | readonly XmlValue[]
  | { readonly [member: string]: XmlValue | undefined }

/** Writes one element, tags included. */
type ElementWriter = (value: XmlValue) => string

/** What each document begins with. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'
const SCHEMA_INSTANCE = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

const documentWriters = new Map<Shape, Map<string, ElementWriter>>()

/**
 * Writes a value as a whole document with the given root element. The writer of a shape is composed once and used again. Members
 * that travel elsewhere (in headers) are left out; so are absent ones. A shape is always written in one namespace.
 */
export function writeXmlDocument(
  shape: Shape,
  rootName: string,
  value: XmlValue,
  namespace = S3_NAMESPACE,
): string {
  let byName = documentWriters.get(shape)
  if (!byName) documentWriters.set(shape, (byName = new Map<string, ElementWriter>()))
  let write = byName.get(rootName)
  if (!write) byName.set(rootName, (write = elementWriter(shape, rootName, ` xmlns="${namespace}"`)))
  return XML_DECLARATION + write(value)
}

function elementWriter(shape: Shape, name: string, attributes = ''): ElementWriter {
  const [begin, end] = [`<${name}${attributes}>`, `</${name}>`]
  switch (shape.type) {
    case 'structure':
      return structureWriter(shape, name, attributes)
    case 'list': {
      if (shape.isFlattened) return repeatedWriter(elementWriter(shape.member, name))
      const content = repeatedWriter(elementWriter(shape.member, shape.memberName ?? 'member'))
      return (value) => begin + content(value) + end
    }
    case 'string':
      return (value) => begin + escapeXml(textOf(value)) + end
    case 'timestamp':
      return shape.isWholeSeconds
        ? (value) => begin + isoSecond(Number(value)) + end
        : (value) => begin + new Date(Number(value)).toISOString() + end
    case 'map':
    case 'stream':
      throw new TypeError(`a ${shape.type} has no form in a document, at element ${name}`)
    default:
      return (value) => begin + textOf(value) + end
  }
}

function repeatedWriter(write: ElementWriter): ElementWriter {
  return (value) => {
    let content = ''
    if (Array.isArray(value)) for (const item of value as readonly XmlValue[]) content += write(item)
    return content
  }
}

function structureWriter(shape: StructureShape, name: string, attributes: string): ElementWriter {
  const attributeMembers: [memberName: string, attributeName: string][] = []
  const elements: [memberName: string, write: ElementWriter][] = []
  for (const [memberName, member] of Object.entries(shape.members)) {
    if (member.location) continue
    if (member.isXmlAttribute) attributeMembers.push([memberName, xmlNameOf(memberName, member)])
    else elements.push([memberName, elementWriter(member.shape, xmlNameOf(memberName, member))])
  }
  const content = contentWriter(elements)
  if (shape.isBare) return content
  const [begin, end] = [`<${name}${attributes}>`, `</${name}>`]
  if (attributeMembers.length === 0) return (value) => begin + content(value) + end
  return (value) => {
    const members = value as { readonly [member: string]: XmlValue | undefined }
    let text = `<${name}${attributes}${SCHEMA_INSTANCE}`
    for (const [memberName, attributeName] of attributeMembers) {
      const attribute = members[memberName]
      if (attribute !== undefined) text += ` ${attributeName}="${escapeXml(textOf(attribute))}"`
    }
    return `${text}>` + content(value) + end
  }
}

/** What stands between a structure's tags. */
function contentWriter(
  elements: readonly (readonly [memberName: string, write: ElementWriter])[],
): ElementWriter {
  return (value) => {
    // A structure's value is an object with its members: the model's types have checked it where it was made.
    const members = value as { readonly [member: string]: XmlValue | undefined }
    let text = ''
    for (const [memberName, write] of elements) {
      const member = members[memberName]
      if (member !== undefined) text += write(member)
    }
    return text
  }
}

/** A scalar as text. Lists and structures have no text: the model's types keep them from here. */
const textOf = (value: XmlValue): string => (typeof value === 'object' ? '' : String(value))

const xmlNameOf = (memberName: string, member: Member): string => member.xmlName ?? memberName
