import { writeJson } from '../../client/json/write.ts'
import { displayText, quoted } from '../../client/python-text.ts'
import { Float, Instant, isInteger, isList, isRecord } from '../../client/values.ts'
import type { WireRecord, WireValue } from '../../client/values.ts'
import { parseInteger } from '../arguments/numbers.ts'
import { Applicable, isEqual, isNumber, numberOf, order } from './argument.ts'
import type { Argument } from './argument.ts'
import { QueryError } from './query-error.ts'

type Kind = 'number' | 'string' | 'boolean' | 'array' | 'object' | 'null' | 'expref' | 'unknown'
/** `array-number`: an array whose elements are all numbers. */
type Accepted = Kind | 'array-number' | 'array-string'

interface FunctionOf {
  /** For each argument the kinds it may be of; an empty list takes all. */
  readonly accepts: readonly (readonly Accepted[])[]
  /** More arguments may follow. */
  readonly isVariadic?: boolean
  readonly run: (args: readonly Argument[]) => WireValue
}

/** Calls a function of the language by its name. @throws QueryError for wrong arguments. */
export function callFunction(name: string, args: readonly Argument[]): WireValue {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (found === undefined) throw new QueryError(`Unknown function: ${name}()`)
  const { accepts, isVariadic = false, run } = found
  if (isVariadic ? args.length < accepts.length : args.length !== accepts.length) {
    const least = isVariadic ? 'at least ' : ''
    const plural = accepts.length === 1 ? 'argument' : 'arguments'
    throw new QueryError(
      `Expected ${least}${accepts.length} ${plural} for function ${name}(), received ${args.length}`,
    )
  }
  accepts.forEach((accepted, index) => checkKind(name, args[index] ?? null, accepted))
  return run(args)
}

function kindOf(value: Argument): Kind {
  if (value instanceof Applicable) return 'expref'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (value === null) return 'null'
  if (isNumber(value)) return 'number'
  if (isList(value)) return 'array'
  return isRecord(value) ? 'object' : 'unknown'
}

/** Python's name of an element's type, which errors about elements give. */
const ELEMENT_NAMES: Readonly<Partial<Record<Kind, string>>> = {
  string: 'str',
  boolean: 'bool',
  null: 'NoneType',
  array: 'list',
  object: 'dict',
}

function wrongKind(name: string, value: Argument, accepted: readonly string[], received: string): QueryError {
  const shown = value instanceof Applicable ? 'an expression' : displayText(value)
  const list = `[${accepted.map((kind) => quoted(kind)).join(', ')}]`
  return new QueryError(
    `In function ${name}(), invalid type for value: ${shown}, expected one of: ${list}, received: "${received}"`,
  )
}

function checkKind(name: string, value: Argument, accepted: readonly Accepted[]): void {
  if (accepted.length === 0) return
  const actual = kindOf(value)
  if (!accepted.some((one) => one === actual || one.startsWith(`${actual}-`)))
    throw wrongKind(name, value, accepted, actual)
  if (actual !== 'array' || accepted.includes('array') || value instanceof Applicable || !isList(value))
    return
  const elementKinds = accepted
    .filter((one) => one.startsWith('array-'))
    .map((one) => one.slice('array-'.length))
  const [first] = value
  const wanted = first !== undefined && elementKinds.includes(kindOf(first)) ? kindOf(first) : elementKinds[0]
  for (const element of value) {
    if (kindOf(element) === wanted) continue
    const received = ELEMENT_NAMES[kindOf(element)] ?? (element instanceof Float ? 'float' : 'int')
    throw wrongKind(name, element, accepted, received)
  }
}

const asList = (value: Argument | undefined): WireValue[] =>
  value !== undefined && !(value instanceof Applicable) && isList(value) ? value : []
const asText = (value: Argument | undefined): string => (typeof value === 'string' ? value : '')
const asRecord = (value: Argument | undefined): WireRecord =>
  value !== undefined && !(value instanceof Applicable) && isRecord(value)
    ? value
    : new Map<string, WireValue>()
const asValue = (value: Argument | undefined): WireValue =>
  value === undefined || value instanceof Applicable ? null : value
const asNumber = (value: Argument | undefined): number | bigint | Float =>
  value !== undefined && isNumber(value) ? value : 0
const applied = (args: readonly Argument[], index: number): ((value: WireValue) => WireValue) => {
  const expression = args[index]
  return (value) => (expression instanceof Applicable ? expression.apply(value) : null)
}

const toSafe = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value

function sum(list: readonly WireValue[]): number | bigint | Float {
  const numbers = list.filter(isNumber)
  if (numbers.every(isInteger))
    return toSafe(numbers.reduce<bigint>((total, value) => total + BigInt(value), 0n))
  return new Float(numbers.reduce<number>((total, value) => total + Number(numberOf(value)), 0))
}

/** An integer that a rounded double is. */
const whole = (value: number): number | bigint => (Number.isSafeInteger(value) ? value : BigInt(value))

/** The arguments after the first are not checked by what `merge` accepts. */
function mergedRecord(value: Argument): WireRecord {
  const kind = kindOf(value)
  if (kind !== 'object') throw wrongKind('merge', value, ['object'], kind)
  return asRecord(value)
}

function extreme(list: readonly WireValue[], key: (value: WireValue) => WireValue, sign: 1 | -1): WireValue {
  let best: { readonly element: WireValue; readonly key: WireValue } | undefined
  for (const element of list) {
    const candidate = { element, key: key(element) }
    if (best === undefined || order(candidate.key, best.key, sign === 1 ? '>' : '<') * sign > 0)
      best = candidate
  }
  return best?.element ?? null
}

/** The key of an element for the `…_by` functions, checked to be of a kind that can be ordered. */
function checkedKey(
  name: string,
  key: (value: WireValue) => WireValue,
  accepted: readonly Kind[],
): (value: WireValue) => WireValue {
  return (element) => {
    const result = key(element)
    if (!accepted.includes(kindOf(result))) throw wrongKind(name, result, accepted, kindOf(result))
    return result
  }
}

function sortBy(list: readonly WireValue[], key: (value: WireValue) => WireValue): WireValue[] {
  const [first] = list
  if (first === undefined) return []
  const kind = kindOf(key(first))
  if (kind !== 'number' && kind !== 'string') throw wrongKind('sort_by', first, ['string', 'number'], kind)
  const checked = checkedKey('sort_by', key, [kind])
  return list
    .map((element) => ({ element, key: checked(element) }))
    .sort((a, b) => order(a.key, b.key))
    .map(({ element }) => element)
}

function toNumber(value: WireValue): WireValue {
  if (isNumber(value)) return value
  if (typeof value !== 'string') return null
  const integer = parseInteger(value)
  if (integer !== undefined) return integer
  const text = value.trim().replace(/(\d)_(?=\d)/g, '$1')
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(text)
  if (special !== null)
    return new Float(special[2]?.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity)
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? new Float(Number(text)) : null
}

const BY_KEYS: readonly Kind[] = ['number', 'string']

const FUNCTIONS: Readonly<Record<string, FunctionOf>> = {
  abs: {
    accepts: [['number']],
    run: ([value]) => {
      const number = asNumber(value)
      if (number instanceof Float) return new Float(Math.abs(number.value))
      return number < 0 ? toSafe(-BigInt(number)) : number
    },
  },
  avg: {
    accepts: [['array-number']],
    run: ([value]) => {
      const list = asList(value)
      return list.length === 0 ? null : new Float(Number(numberOf(sum(list))) / list.length)
    },
  },
  ceil: { accepts: [['number']], run: ([value]) => rounded(asNumber(value), Math.ceil) },
  contains: {
    accepts: [['array', 'string'], []],
    run: ([subject, search]) => {
      if (typeof subject !== 'string')
        return asList(subject).some((element) => isEqual(element, asValue(search)))
      if (typeof search === 'string') return subject.includes(search)
      throw new QueryError(
        `'in <string>' requires string as left operand, not ${ELEMENT_NAMES[kindOf(search ?? null)] ?? 'int'}`,
      )
    },
  },
  ends_with: { accepts: [['string'], ['string']], run: ([text, end]) => asText(text).endsWith(asText(end)) },
  floor: { accepts: [['number']], run: ([value]) => rounded(asNumber(value), Math.floor) },
  join: {
    accepts: [['string'], ['array-string']],
    run: ([separator, list]) => asList(list).map(asText).join(asText(separator)),
  },
  keys: { accepts: [['object']], run: ([record]) => [...asRecord(record).keys()] },
  length: {
    accepts: [['string', 'array', 'object']],
    run: ([value]) => {
      if (typeof value === 'string') return Array.from(value).length
      return asList(value).length + asRecord(value).size
    },
  },
  map: { accepts: [['expref'], ['array']], run: (args) => asList(args[1]).map(applied(args, 0)) },
  max: {
    accepts: [['array-number', 'array-string']],
    run: ([list]) => extreme(asList(list), (element) => element, 1),
  },
  max_by: {
    accepts: [['array'], ['expref']],
    run: (args) => extreme(asList(args[0]), checkedKey('max_by', applied(args, 1), BY_KEYS), 1),
  },
  merge: {
    accepts: [['object']],
    isVariadic: true,
    run: (args) => new Map(args.flatMap((record) => [...mergedRecord(record)])),
  },
  min: {
    accepts: [['array-number', 'array-string']],
    run: ([list]) => extreme(asList(list), (element) => element, -1),
  },
  min_by: {
    accepts: [['array'], ['expref']],
    run: (args) => extreme(asList(args[0]), checkedKey('min_by', applied(args, 1), BY_KEYS), -1),
  },
  not_null: {
    accepts: [[]],
    isVariadic: true,
    run: (args) => args.map(asValue).find((value) => value !== null) ?? null,
  },
  reverse: {
    accepts: [['array', 'string']],
    run: ([value]) =>
      typeof value === 'string' ? Array.from(value).reverse().join('') : [...asList(value)].reverse(),
  },
  sort: { accepts: [['array-string', 'array-number']], run: ([list]) => [...asList(list)].sort(order) },
  sort_by: { accepts: [['array'], ['expref']], run: (args) => sortBy(asList(args[0]), applied(args, 1)) },
  starts_with: {
    accepts: [['string'], ['string']],
    run: ([text, start]) => asText(text).startsWith(asText(start)),
  },
  sum: { accepts: [['array-number']], run: ([list]) => sum(asList(list)) },
  to_array: {
    accepts: [[]],
    run: ([value]) => (kindOf(value ?? null) === 'array' ? asList(value) : [asValue(value)]),
  },
  to_number: { accepts: [[]], run: ([value]) => toNumber(asValue(value)) },
  to_string: {
    accepts: [[]],
    run: ([value]) => (typeof value === 'string' ? value : compactJson(asValue(value))),
  },
  type: {
    accepts: [[]],
    run: ([value]) => {
      const kind = kindOf(value ?? null)
      return kind === 'unknown' || kind === 'expref' ? null : kind
    },
  },
  values: { accepts: [['object']], run: ([record]) => [...asRecord(record).values()] },
}

function rounded(value: number | bigint | Float, round: (value: number) => number): number | bigint {
  if (!(value instanceof Float)) return value
  if (!Number.isFinite(value.value))
    throw new QueryError(
      Number.isNaN(value.value)
        ? 'cannot convert float NaN to integer'
        : 'cannot convert float infinity to integer',
    )
  return whole(round(value.value))
}

/** JSON without any space, every character beyond ASCII escaped. */
function compactJson(value: WireValue): string {
  if (isList(value)) return `[${value.map(compactJson).join(',')}]`
  if (isRecord(value))
    return `{${[...value].map(([name, member]) => `${writeJson(name, { isAscii: true })}:${compactJson(member)}`).join(',')}}`
  return value instanceof Instant ? `"${displayText(value)}"` : writeJson(value, { isAscii: true })
}
