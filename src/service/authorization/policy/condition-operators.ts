import { BlockList, isIP, isIPv4 } from 'node:net'
import { parseIso8601 } from '../../../base/iso-8601.ts'
import { matchesWildcard } from './wildcard.ts'

/** Makes a comparison with one value of a policy; throws RangeError saying what is wrong with the value. */
type MakeComparison = (expected: string) => (actual: string) => boolean

interface OperatorDescription {
  readonly isNegation: boolean
  readonly compare: MakeComparison
}

const stringEquals: MakeComparison = (expected) => (actual) => actual === expected
const stringEqualsIgnoreCase: MakeComparison = (expected) => {
  const lower = expected.toLowerCase()
  return (actual) => actual.toLowerCase() === lower
}
const stringLike: MakeComparison = (expected) => (actual) => matchesWildcard(expected, actual)

const bool: MakeComparison = (expected) => {
  const lower = expected.toLowerCase()
  if (lower !== 'true' && lower !== 'false') throw new RangeError(`expected true or false, got ${expected}`)
  return (actual) => actual === lower
}

const numeric =
  (holds: (actual: number, expected: number) => boolean): MakeComparison =>
  (expected) => {
    const bound = Number(expected)
    if (expected.trim() === '' || !Number.isFinite(bound))
      throw new RangeError(`expected a number, got ${expected}`)
    return (actual) => actual !== '' && holds(Number(actual), bound)
  }

/** Dates are ISO 8601 texts or epoch seconds on both sides. */
const date =
  (holds: (actual: number, expected: number) => boolean): MakeComparison =>
  (expected) => {
    const bound = toInstant(expected)
    if (Number.isNaN(bound))
      throw new RangeError(`expected a date (ISO 8601 or epoch seconds), got ${expected}`)
    return (actual) => holds(toInstant(actual), bound)
  }

const toInstant = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) * 1000 : (parseIso8601(text) ?? NaN)

const ipAddress: MakeComparison = (expected) => {
  const [address = '', prefix, ...rest] = expected.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix)
  const isWhole = prefix === undefined || /^\d{1,3}$/.test(prefix)
  if (isIP(address) === 0 || rest.length > 0 || !isWhole || bits > (family === 'ipv4' ? 32 : 128)) {
    throw new RangeError(`expected an IP address or a CIDR range, got ${expected}`)
  }
  const range = new BlockList()
  range.addSubnet(address, bits, family)
  return (actual) => {
    const plain = actual.startsWith('::ffff:') ? actual.slice(7) : actual
    return isIP(plain) !== 0 && range.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
  }
}

const plain = (compare: MakeComparison): OperatorDescription => ({ isNegation: false, compare })
const negation = (compare: MakeComparison): OperatorDescription => ({ isNegation: true, compare })
const equals = (actual: number, expected: number) => actual === expected

/** The condition operators of the policy subset. `Null` is apart: it looks only at whether the key is there. */
export const CONDITION_OPERATORS: ReadonlyMap<string, OperatorDescription> = new Map([
  ['StringEquals', plain(stringEquals)],
  ['StringNotEquals', negation(stringEquals)],
  ['StringEqualsIgnoreCase', plain(stringEqualsIgnoreCase)],
  ['StringNotEqualsIgnoreCase', negation(stringEqualsIgnoreCase)],
  ['StringLike', plain(stringLike)],
  ['StringNotLike', negation(stringLike)],
  ['NumericEquals', plain(numeric(equals))],
  ['NumericNotEquals', negation(numeric(equals))],
  ['NumericLessThan', plain(numeric((actual, expected) => actual < expected))],
  ['NumericLessThanEquals', plain(numeric((actual, expected) => actual <= expected))],
  ['NumericGreaterThan', plain(numeric((actual, expected) => actual > expected))],
  ['NumericGreaterThanEquals', plain(numeric((actual, expected) => actual >= expected))],
  ['DateEquals', plain(date(equals))],
  ['DateNotEquals', negation(date(equals))],
  ['DateLessThan', plain(date((actual, expected) => actual < expected))],
  ['DateLessThanEquals', plain(date((actual, expected) => actual <= expected))],
  ['DateGreaterThan', plain(date((actual, expected) => actual > expected))],
  ['DateGreaterThanEquals', plain(date((actual, expected) => actual >= expected))],
  ['Bool', plain(bool)],
  ['IpAddress', plain(ipAddress)],
  ['NotIpAddress', negation(ipAddress)],
  ['Null', plain(bool)],
])
