/** Our models and the schemas that the official SDKs are made of, reduced to the same form: another description of the same APIs. */
import assert from 'node:assert/strict'
import type { Member, Shape } from '../src/model/shape.ts'

/** Members by their paths: kind, whether one is required, where and as what it travels. */
export type Description = Readonly<Record<string, string>>

/** What both sides are reduced to: each member by its path, with its kind, whether it is required, and where and as what it travels. */
class Members {
  readonly found: Record<string, string> = {}
  readonly #isRest: boolean

  constructor(isRest: boolean) {
    this.#isRest = isRest
  }

  add(path: string, facts: { kind: string; isRequired: boolean; place: string; element: string }): void {
    const { kind, isRequired, place, element } = facts
    // What S3 requires the SDK knows in part alone.
    this.found[path] = this.#isRest
      ? [kind, place, element].join(' ')
      : `${kind}${isRequired ? ' required' : ''}`
  }
}

const KINDS: Readonly<Record<Shape['type'], string>> = {
  string: 'text',
  integer: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  boolean: 'boolean',
  timestamp: 'time',
  list: 'list',
  map: 'map',
  structure: 'structure',
  stream: 'bytes',
}

/** Of our own model. */
export function ours(shape: Shape, isRest: boolean): Description {
  const members = new Members(isRest)
  const walk = (within: Shape, path: string, isInDocument: boolean, above: readonly Shape[]): void => {
    if (above.includes(within)) return
    if (within.type === 'list') walk(within.member, `${path}[]`, isInDocument, [...above, within])
    if (within.type !== 'structure') return
    for (const [name, member] of Object.entries(within.members)) {
      const at = `${path}.${name}`
      members.add(at, {
        kind: KINDS[member.shape.type],
        isRequired: member.isRequired,
        place: placeOf(member),
        element:
          member.location === undefined || member.location.in === 'payload' ? elementOf(name, member) : '',
      })
      walk(member.shape, at, isInDocument || member.location?.in === 'payload', [...above, within])
    }
  }
  walk(shape, '', false, [])
  return members.found
}

function placeOf({ location }: Member): string {
  if (location === undefined) return 'document'
  if (location.in === 'query' || location.in === 'header')
    return `${location.in}:${location.name.toLowerCase()}`
  return location.in === 'headers' ? `headers:${location.prefix}` : location.in
}

function elementOf(name: string, { shape, xmlName, isXmlAttribute }: Member): string {
  const own = `${isXmlAttribute === true ? '@' : ''}${xmlName ?? name}`
  if (shape.type !== 'list') return own
  return shape.isFlattened === true ? `${own}*` : `${own}/${shape.memberName ?? 'member'}`
}

/** A schema of the SDKs: a number for what is plain, a function that gives one, or a list that begins with its type. */
type SdkSchema = number | readonly unknown[] | (() => SdkSchema)
type Traits = Readonly<Record<string, string | number | undefined>>

const [SIMPLE, LIST, MAP, STRUCTURE] = [0, 1, 2, 3]
const [LIST_OF, MAP_OF] = [64, 128]
const [TEXT, NUMBER, BOOLEAN] = [0, 1, 2]
const TIMES = [4, 5, 6, 7]
const [LABEL, PAYLOAD, STATUS] = [1, 16, 32]

const resolved = (schema: SdkSchema): number | readonly unknown[] =>
  typeof schema === 'function' ? resolved(schema()) : schema

/** A reference with its traits: `[schema, traits]`, or the schema alone. */
function reference(given: unknown): {
  readonly schema: number | readonly unknown[]
  readonly traits: Traits
} {
  if (Array.isArray(given) && given.length === 2)
    return { schema: resolved(given[0] as SdkSchema), traits: traitsOf(given[1]) }
  return { schema: resolved(given as SdkSchema), traits: {} }
}

function traitsOf(given: unknown): Traits {
  if (typeof given !== 'number') return given as Traits
  return {
    ...((given & LABEL) !== 0 && { httpLabel: 1 }),
    ...((given & PAYLOAD) !== 0 && { httpPayload: 1 }),
    ...((given & STATUS) !== 0 && { httpResponseCode: 1 }),
  }
}

function sdkKind(schema: number | readonly unknown[]): string {
  if (typeof schema !== 'number') {
    if (schema[0] === SIMPLE) return sdkKind(resolved(schema[4] as SdkSchema))
    return schema[0] === LIST ? 'list' : schema[0] === MAP ? 'map' : 'structure'
  }
  if ((schema & LIST_OF) !== 0 && schema >= LIST_OF) return 'list'
  if ((schema & MAP_OF) !== 0) return 'map'
  if (schema === TEXT) return 'text'
  if (schema === NUMBER) return 'number'
  if (schema === BOOLEAN) return 'boolean'
  return TIMES.includes(schema) ? 'time' : 'bytes'
}

/** Of an SDK's schema. */
export function theirs(schema: SdkSchema, isRest: boolean): Description {
  const members = new Members(isRest)
  const walk = (within: number | readonly unknown[], path: string, above: readonly unknown[]): void => {
    if (typeof within === 'number' || above.includes(within)) return
    if (within[0] === LIST) walk(reference(within[4]).schema, `${path}[]`, [...above, within])
    if (within[0] !== STRUCTURE) return
    const [, , , , names, references, requiredCount = 0] = within as [
      number,
      string,
      string,
      unknown,
      string[],
      unknown[],
      number?,
    ]
    names.forEach((name, index) => {
      const { schema: target, traits } = reference(references[index])
      const at = `${path}.${name}`
      const place = sdkPlace(traits)
      members.add(at, {
        kind: sdkKind(target),
        isRequired: index < requiredCount,
        place,
        element: place === 'document' || place === 'payload' ? sdkElement(name, target, traits) : '',
      })
      walk(target, at, [...above, within])
    })
  }
  walk(resolved(schema), '', [])
  return members.found
}

function sdkPlace(traits: Traits): string {
  if (traits['httpLabel'] !== undefined) return 'uri'
  if (traits['httpPayload'] !== undefined) return 'payload'
  if (traits['httpResponseCode'] !== undefined) return 'status'
  if (traits['httpPrefixHeaders'] !== undefined) return `headers:${String(traits['httpPrefixHeaders'])}`
  if (traits['httpHeader'] !== undefined) return `header:${String(traits['httpHeader']).toLowerCase()}`
  return traits['httpQuery'] === undefined ? 'document' : `query:${String(traits['httpQuery']).toLowerCase()}`
}

function sdkElement(name: string, target: number | readonly unknown[], traits: Traits): string {
  const own = `${traits['xmlAttribute'] === undefined ? '' : '@'}${String(traits['xmlName'] ?? name)}`
  if (sdkKind(target) !== 'list') return own
  if (traits['xmlFlattened'] !== undefined) return `${own}*`
  const element = typeof target === 'number' ? {} : reference(target[4]).traits
  return `${own}/${String(element['xmlName'] ?? 'member')}`
}

/** The schema of an operation: what goes in and what comes out. */
export function operationOf(sdk: object, name: string) {
  const schema = (sdk as Readonly<Record<string, unknown>>)[`${name}$`]
  assert.ok(Array.isArray(schema), `${name} is no operation of the SDK`)
  const [, , ownName, traits, input, output] = schema as [
    number,
    string,
    string,
    Traits,
    SdkSchema,
    SdkSchema,
  ]
  assert.equal(ownName, name)
  return { traits, input, output }
}

/** As clients send it is kept or read otherwise than the SDK has it: times as their text, a list as its text, numbers as numbers. */
const TAKEN_OTHERWISE = [
  'Expires',
  'ResponseExpires',
  'OptionalObjectAttributes',
  'PartNumberMarker',
  'NextPartNumberMarker',
  'LocationConstraint',
]
const isTakenOtherwise = (path: string): boolean => TAKEN_OTHERWISE.includes(path.split('.').at(-1) ?? '')

/** Members that both have are the same; gives those that only one has. */
export function compare(
  mine: Description,
  other: Description,
): { readonly mine: string[]; readonly other: string[] } {
  const both = Object.keys(mine).filter((path) => Object.hasOwn(other, path))
  const shown = (description: Description): Description =>
    Object.fromEntries(
      both.filter((path) => !isTakenOtherwise(path)).map((path) => [path, description[path] ?? '']),
    )
  assert.deepEqual(shown(mine), shown(other))
  return {
    mine: Object.keys(mine).filter((path) => !Object.hasOwn(other, path)),
    other: Object.keys(other).filter((path) => !Object.hasOwn(mine, path)),
  }
}
