import { BlockList, isIP, isIPv4 } from 'node:net'
import { parseIso8601 } from '../../../base/iso-8601.ts'
import type { TextTest } from './matching-work.ts'
import { compilePatterns } from './pattern-set.ts'

/**
 * Makes a comparison that holds when one of a policy's values, at least one, accepts what the request has. Throws RangeError saying what is
 * wrong with a value.
 */
type MakeComparison = (expected: readonly string[]) => TextTest

interface OperatorDescription {
  readonly isNegation: boolean
  readonly compare: MakeComparison
}

const stringEquals: MakeComparison = (expected) => {
  const texts = new Set(expected)
  return (actual) => texts.has(actual)
}
const stringEqualsIgnoreCase: MakeComparison = (expected) => {
  const texts = new Set(expected.map((text) => text.toLowerCase()))
  return (actual) => texts.has(actual.toLowerCase())
}

const bool: MakeComparison = (expected) => {
  const texts = new Set(expected.map((text) => text.toLowerCase()))
  for (const text of texts)
    if (text !== 'true' && text !== 'false') throw new RangeError(`expected true or false, got ${text}`)
  return (actual) => texts.has(actual)
}

type Holds = (actual: number, expected: number) => boolean

const numeric =
  (holds: Holds): MakeComparison =>
  (expected) => {
    const bounds = expected.map((text) => {
      const bound = Number(text)
      if (text.trim() === '' || !Number.isFinite(bound))
        throw new RangeError(`expected a number, got ${text}`)
      return bound
    })
    return (actual) => {
      const value = actual === '' ? NaN : Number(actual)
      return bounds.some((bound) => holds(value, bound))
    }
  }

/** Dates are ISO 8601 texts or epoch seconds on both sides. */
const date =
  (holds: Holds): MakeComparison =>
  (expected) => {
    const bounds = expected.map((text) => {
      const bound = toInstant(text)
      if (Number.isNaN(bound))
        throw new RangeError(`expected a date (ISO 8601 or epoch seconds), got ${text}`)
      return bound
    })
    return (actual) => {
      const value = toInstant(actual)
      return bounds.some((bound) => holds(value, bound))
    }
  }

const toInstant = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) * 1000 : (parseIso8601(text) ?? NaN)

/** Makes a test for addresses in one of some addresses and CIDR ranges. Throws RangeError naming one that is none. */
export const compileAddressRanges: MakeComparison = (expected) => {
  const ranges = new BlockList()
  for (const range of expected) addRange(ranges, range)
  return (actual) => {
    const plain = actual.startsWith('::ffff:') ? actual.slice(7) : actual
    return isIP(plain) !== 0 && ranges.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
  }
}

function addRange(ranges: BlockList, range: string): void {
  const [address = '', prefix, ...rest] = range.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix)
  const isWhole = prefix === undefined || /^\d{1,3}$/.test(prefix)
  // A zone (`fe80::1%eth0`) means something on one machine only.
  const isAddress = isIP(address) !== 0 && !address.includes('%')
  if (!isAddress || rest.length > 0 || !isWhole || bits > (family === 'ipv4' ? 32 : 128)) {
    throw new RangeError(`expected an IP address or a CIDR range, got ${range}`)
  }
  ranges.addSubnet(address, bits, family)
}

const plain = (compare: MakeComparison): OperatorDescription => ({ isNegation: false, compare })
const negation = (compare: MakeComparison): OperatorDescription => ({ isNegation: true, compare })
const equals: Holds = (actual, expected) => actual === expected

/** The condition operators of the policy subset. `Null` is apart: it looks only at whether the key is there. */
export const CONDITION_OPERATORS: ReadonlyMap<string, OperatorDescription> = new Map([
  ['StringEquals', plain(stringEquals)],
  ['StringNotEquals', negation(stringEquals)],
  ['StringEqualsIgnoreCase', plain(stringEqualsIgnoreCase)],
  ['StringNotEqualsIgnoreCase', negation(stringEqualsIgnoreCase)],
  ['StringLike', plain(compilePatterns)],
  ['StringNotLike', negation(compilePatterns)],
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
  ['IpAddress', plain(compileAddressRanges)],
  ['NotIpAddress', negation(compileAddressRanges)],
  // Wildcards count in all four, as in IAM.
  ['ArnEquals', plain(compilePatterns)],
  ['ArnNotEquals', negation(compilePatterns)],
  ['ArnLike', plain(compilePatterns)],
  ['ArnNotLike', negation(compilePatterns)],
  ['Null', plain(bool)],
])
