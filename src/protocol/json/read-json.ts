import type { ListShape, Shape, StructureShape, ValueOf } from '../../model/shape.ts'
import { MalformedJson } from './malformed-json.ts'

/** Deeper nesting than any input has; a body that goes deeper is refused before it is parsed. */
const DEPTH_MAX = 32

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a JSON 1.1 body as the structure that `shape` describes. Members that the shape does not know are passed over, as the protocol asks;
 * null stands for absent; `isStrict`: both are refused. An empty body is an empty structure. Lengths, patterns, bounds and required members are not
 * checked here. Throws {@link MalformedJson}.
 */
export function readJson<S extends StructureShape>(
  shape: S,
  body: Uint8Array,
  { isStrict = false }: { readonly isStrict?: boolean } = {},
): Partial<ValueOf<S>> {
  if (body.length === 0) return {}
  const parsed = parse(body)
  if (!isObject(parsed)) throw new MalformedJson(`the body must be a JSON object, got ${kindOf(parsed)}`)
  if (isStrict) refuseUnknown(shape, parsed, '')
  // `readStructure` builds exactly the members of the shape, each of its type.
  return readStructure(shape, parsed, '') as Partial<ValueOf<S>>
}

function parse(body: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(body)
  } catch (cause) {
    throw new MalformedJson('the body must be UTF-8', { cause })
  }
  refuseDeepNesting(text)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MalformedJson('the body must be JSON', { cause })
  }
}

function refuseDeepNesting(text: string): void {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      if (++depth > DEPTH_MAX) throw new MalformedJson(`the body must not nest deeper than ${DEPTH_MAX}`)
    } else if (character === '}' || character === ']') depth--
  }
}

/** Longest name of a member that is repeated in a message. */
const SHOWN_CHARACTERS_MAX = 100

/** Refuses members, at any depth, that a shape does not have, and null. */
function refuseUnknown(shape: Shape, value: unknown, path: string): void {
  if (value === null) throw new MalformedJson(`${path} is null: what is not meant is left out`)
  if (shape.type === 'list' && Array.isArray(value))
    value.forEach((item, index) => refuseUnknown(shape.member, item, `${path}[${index}]`))
  if (shape.type !== 'structure' || !isObject(value)) return
  for (const [name, given] of Object.entries(value)) {
    const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
    const at = path === '' ? '' : `${path}.`
    if (!member) {
      const shown = JSON.stringify(name.slice(0, SHOWN_CHARACTERS_MAX))
      const known = Object.keys(shape.members).join(', ')
      throw new MalformedJson(`${shown} is no member of ${path || 'the input'}, which has ${known}`)
    }
    refuseUnknown(member.shape, given, `${at}${name}`)
  }
}

function readStructure(
  shape: StructureShape,
  value: Record<string, unknown>,
  path: string,
): Record<string, unknown> {
  const structure: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given === undefined || given === null) continue
    structure[name] = readValue(member.shape, given, path === '' ? name : `${path}.${name}`)
  }
  return structure
}

function readList(shape: ListShape, value: readonly unknown[], path: string): unknown[] {
  return value.map((item, index) => readValue(shape.member, item, `${path}[${index}]`))
}

function readValue(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      break
    case 'integer':
    case 'long':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      break
    case 'float':
    case 'double':
      if (typeof value === 'number' && Number.isFinite(value)) return value
      break
    case 'timestamp':
      if (typeof value === 'number' && Math.abs(value) <= EPOCH_SECONDS_MAX) return Math.round(value * 1000)
      break
    case 'list':
      if (Array.isArray(value)) return readList(shape, value, path)
      break
    case 'structure':
      if (isObject(value)) return readStructure(shape, value, path)
      break
    case 'map':
    case 'stream':
      throw new TypeError(`the JSON protocol has no ${shape.type} at ${path}`)
  }
  throw new MalformedJson(`${path} must be ${EXPECTED[shape.type]}, got ${kindOf(value)}`)
}

/** The range of a Date. */
const EPOCH_SECONDS_MAX = 8.64e12

const EXPECTED = {
  string: 'a string',
  boolean: 'true or false',
  integer: 'a whole number',
  long: 'a whole number',
  float: 'a number',
  double: 'a number',
  timestamp: 'a number of epoch seconds',
  list: 'a list',
  structure: 'an object',
} as const

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
