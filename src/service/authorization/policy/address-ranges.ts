import { isIPv4 } from 'node:net'

interface Family {
  readonly bits: 32 | 128
  /** Ranges wider than this are everyone, in S3's eyes. */
  readonly narrowBitsMin: number
}

const IPV4: Family = { bits: 32, narrowBitsMin: 8 }
const IPV6: Family = { bits: 128, narrowBitsMin: 32 }

/** So many of the widest ranges that pass alone may be named together; S3 has no number for this. */
const WIDEST_RANGES_MAX = 16n

/** Addresses in a row, as numbers; both ends are part of it. */
interface Range {
  readonly family: Family
  readonly first: bigint
  readonly last: bigint
}

/** Whether an address or CIDR range, checked before, is no wider than /8 (IPv4) or /32 (IPv6). */
export function isNarrowRange(text: string): boolean {
  const range = parseRange(text)
  return sizeOf(range) <= widestOf(range.family)
}

/**
 * Whether addresses and ranges together are more than somebody's own: some of them make one range that is too wide, or all of them are more than
 * sixteen of the widest that are narrow. Private addresses of IPv4 (RFC 1918) do not count.
 */
export function coverMuch(texts: readonly string[]): boolean {
  const ranges = texts.map(parseRange).filter((range) => !isPrivate(range))
  return [IPV4, IPV6].some((family) => {
    const merged = mergeRanges(ranges.filter((range) => range.family === family))
    const total = merged.reduce((sum, range) => sum + sizeOf(range), 0n)
    return (
      merged.some((range) => sizeOf(range) > widestOf(family)) || total > WIDEST_RANGES_MAX * widestOf(family)
    )
  })
}

const sizeOf = ({ first, last }: Range): bigint => last - first + 1n
const widestOf = ({ bits, narrowBitsMin }: Family): bigint => 1n << BigInt(bits - narrowBitsMin)

function isPrivate(range: Range): boolean {
  return PRIVATE.some(
    ({ family, first, last }) => range.family === family && first <= range.first && range.last <= last,
  )
}

function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const range of ranges.toSorted(compare)) {
    const before = merged.at(-1)
    if (!before || range.first > before.last + 1n) merged.push(range)
    else if (range.last > before.last) merged[merged.length - 1] = { ...before, last: range.last }
  }
  return merged
}

const compare = (left: Range, right: Range): number =>
  left.first < right.first ? -1 : left.first > right.first ? 1 : 0

/** The addresses of IPv4 as IPv6 writes them: `::ffff:0:0/96`. */
const MAPPED_FIRST = 0xffff_0000_0000n
const MAPPED_LAST = 0xffff_ffff_ffffn

function parseRange(text: string): Range {
  const [address = '', prefix] = text.split('/')
  const family = isIPv4(address) ? IPV4 : IPV6
  const number = family === IPV4 ? parseIPv4(address) : parseIPv6(address)
  const bits = prefix === undefined ? family.bits : Number(prefix)
  const host = (1n << BigInt(family.bits - bits)) - 1n
  const [first, last] = [number & ~host, number | host]
  // Addresses of IPv4 are matched by ranges of IPv6 that they are mapped into.
  if (family === IPV6 && first <= MAPPED_LAST && last >= MAPPED_FIRST) {
    const mapped = { first: first - MAPPED_FIRST, last: last - MAPPED_FIRST }
    return {
      family: IPV4,
      first: mapped.first < 0n ? 0n : mapped.first,
      last: mapped.last > 0xffff_ffffn ? 0xffff_ffffn : mapped.last,
    }
  }
  return { family, first, last }
}

function parseIPv4(address: string): bigint {
  return address.split('.').reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

function parseIPv6(address: string): bigint {
  const dots = address.lastIndexOf(':') + 1
  const isMixed = address.includes('.')
  const ipv4 = isMixed ? parseIPv4(address.slice(dots)) : 0n
  const text = isMixed
    ? `${address.slice(0, dots)}${(ipv4 >> 16n).toString(16)}:${(ipv4 & 0xffffn).toString(16)}`
    : address
  const [before = '', after] = text.split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const head = groups(before)
  const tail = groups(after ?? '')
  const middle = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0')
  return [...head, ...middle, ...tail].reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n)
}

/** RFC 1918, section 3. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parseRange)
