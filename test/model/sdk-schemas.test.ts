/** The model beside another description of the same APIs: the schemas that the official SDKs are made of. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as lightsailSdk from '@aws-sdk/client-lightsail'
import * as s3Sdk from '@aws-sdk/client-s3'
import { S3_OPERATIONS } from '../../src/s3/operations/index.ts'
import { lightsailOperations } from '../../src/model/lightsail/index.ts'
import type { Operation } from '../../src/model/operation.ts'
import type { Member, Shape } from '../../src/model/shape.ts'

type Description = Readonly<Record<string, string>>

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
function ours(shape: Shape, isRest: boolean): Description {
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
function theirs(schema: SdkSchema, isRest: boolean): Description {
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
function operationOf(sdk: object, name: string) {
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

/** What the SDK has no member for: a body's checksums, which it computes, what is read so that it is refused, and what the SDK calls otherwise. */
const OURS_ALONE =
  /^\.(?:Checksum\w+|ContentMD5|IfRange|StatusCode|MfaDelete|IfMatch|IfNoneMatch|ServerSideEncryption|VersionId|Entries\b.*|(?:.*\.)?(?:Noncurrent\w*|NewerNoncurrentVersions|Date|Days|MfaDelete|DataRedundancy|Name))$/
/** What is not offered, and read where every operation takes it: whom a request is for, who pays, and keys of others. */
const THEIRS_ALONE =
  /^\.(?:.*\.)?(?:ExpectedBucketOwner|ExpectedSourceBucketOwner|RequestPayer|RequestCharged|MFA|MFADelete|BucketLocation\w+|AccessPointAlias|Restore|RestoreStatus\b.*|ArchiveStatus|ExpiresString|SSEKMS\w+|BucketKeyEnabled|ReplicationStatus|\w*EventHold\w*(?:\..*)?|Abort(?:Date|RuleId)|ContentLength|WriteOffsetBytes|Size|AnnotationDirective|VersionId|IfMatchInitiatedTime|Token|Versions\b.*|DeleteMarkers\b.*)$/

/** Members that both have are the same; gives those that only one has. */
function compare(
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

/** A document that is a member of ours is what comes out itself in the SDK. */
function unwrapped(mine: Description, other: Description): Description {
  const document = Object.keys(mine).find(
    (path) => mine[path]?.includes('structure payload ') === true && !Object.hasOwn(other, path),
  )
  if (document === undefined) return mine
  return Object.fromEntries(
    Object.entries(mine).flatMap(([path, facts]) =>
      path === document
        ? []
        : [[path.startsWith(`${document}.`) ? path.slice(document.length) : path, facts]],
    ),
  )
}

/** All enumerations below a shape that have a name. */
function enumerationsOf(
  shape: Shape,
  found = new Map<string, readonly string[]>(),
  above: readonly Shape[] = [],
) {
  if (above.includes(shape)) return found
  if (shape.type === 'string' && shape.values !== undefined && shape.name !== undefined)
    found.set(shape.name, shape.values)
  if (shape.type === 'list') enumerationsOf(shape.member, found, [...above, shape])
  if (shape.type === 'structure')
    for (const { shape: member } of Object.values(shape.members))
      enumerationsOf(member, found, [...above, shape])
  return found
}

/** Of which the SDK has more. */
const COMES_FIRST = ['RegionName', 'ResourceType', 'OperationType']

describe('the model of Lightsail’s API', () => {
  const operations: readonly Operation[] = Object.values(lightsailOperations)
  for (const { name, input, output } of operations.filter(({ api }) => api === undefined))
    it(`${name} has the members that the SDK has`, () => {
      const sdk = operationOf(lightsailSdk, name)
      for (const [shape, schema] of [
        [input, sdk.input],
        [output, sdk.output],
      ] as const)
        assert.deepEqual(compare(ours(shape, false), theirs(schema, false)), { mine: [], other: [] })
    })

  it('has the values of enumerations that the SDK has', () => {
    const found = new Map<string, readonly string[]>()
    for (const { input, output } of operations)
      for (const shape of [input, output]) enumerationsOf(shape, found)
    const known = [...found].filter(([name]) => Object.hasOwn(lightsailSdk, name))
    assert.ok(known.length > 5, String(known.length))
    for (const [name, values] of known) {
      const theirValues = Object.values(
        (lightsailSdk as unknown as Record<string, Record<string, string>>)[name] ?? {},
      )
      // New ones come to the SDK before the command line has them.
      const missing = theirValues.filter((value) => !values.includes(value))
      assert.deepEqual(COMES_FIRST.includes(name) ? [] : missing, [], name)
      assert.deepEqual(
        values.filter((value) => !theirValues.includes(value)),
        [],
        name,
      )
      assert.ok(values.length > 0)
    }
  })
})

/** S3 answers these with 204, whatever the SDK says. */
const OWN_STATUS: Readonly<Record<string, number>> = { PutBucketPolicy: 204, PutBucketTagging: 204 }

describe('the model of S3’s API', () => {
  const operations = S3_OPERATIONS.map(({ operation }) => operation).filter(({ name }) =>
    Object.hasOwn(s3Sdk, `${name}$`),
  )
  it('is of operations that the SDK has', () => assert.ok(operations.length > 50))

  for (const { name, http, input, output } of operations)
    it(`${name} is asked for and has its members as the SDK has them`, () => {
      const sdk = operationOf(s3Sdk, name)
      const [method, address, status] = sdk.traits['http'] as unknown as [string, string, number]
      const [path = '', query = ''] = address.split('?')
      const marks = query.split('&').filter((part) => part !== '' && !part.startsWith('x-id='))
      assert.deepEqual([http?.method, http?.status ?? 200], [method, OWN_STATUS[name] ?? status])
      if (name !== 'ListBuckets') assert.equal(http?.target, path.includes('{Key+}') ? 'object' : 'bucket')
      // What tells an operation from others is an argument of its own, or one of its members.
      if (marks.length > 0) assert.deepEqual([http?.query], marks)
      else if (http?.query !== undefined)
        assert.ok(
          Object.values(input.members).some(
            ({ location }) => location?.in === 'query' && location.name === http.query,
          ),
        )
      for (const [shape, schema] of [
        [input, sdk.input],
        [output, sdk.output],
      ] as const) {
        const description = theirs(schema, true)
        const { mine, other } = compare(unwrapped(ours(shape, true), description), description)
        assert.deepEqual(
          [mine.filter((path) => !OURS_ALONE.test(path)), other.filter((path) => !THEIRS_ALONE.test(path))],
          [[], []],
        )
      }
    })
})
