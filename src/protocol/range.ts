import { parseDigits } from '../base/digits.ts'

/** Both ends inclusive, as in the header. */
interface ByteRange {
  readonly start: number
  readonly end: number
}

const UNIT = 'bytes='

/**
 * The bytes that a Range header asks of an object of `sizeBytes`, cut to what there is. Null when the header is to be ignored (another
 * unit, several ranges, malformed, ends before it starts, the last bytes of nothing), `unsatisfiable` when no byte lies inside.
 */
export function parseRange(header: string, sizeBytes: number): ByteRange | 'unsatisfiable' | null {
  const ends = splitRange(header)
  if (ends === null) return null
  const [first, last] = ends
  if (first === '') {
    const suffixBytes = parsePosition(last)
    if (suffixBytes === null) return null
    if (suffixBytes === 0) return 'unsatisfiable'
    // All that an empty object has: readers of columnar files ask every file for its last bytes.
    if (sizeBytes === 0) return null
    return { start: Math.max(0, sizeBytes - suffixBytes), end: sizeBytes - 1 }
  }
  const start = parsePosition(first)
  const end = last === '' ? Infinity : parsePosition(last)
  if (start === null || end === null || end < start) return null
  return start < sizeBytes ? { start, end: Math.min(end, sizeBytes - 1) } : 'unsatisfiable'
}

/** Reads x-amz-copy-source-range, where both ends must be given, wherever the source ends; null when it is malformed. */
export function parseCopySourceRange(header: string): ByteRange | null {
  const [first, last] = splitRange(header) ?? ['', '']
  const start = parsePosition(first)
  const end = parsePosition(last)
  return start === null || end === null || end < start ? null : { start, end }
}

function splitRange(header: string): readonly [string, string] | null {
  if (!header.startsWith(UNIT)) return null
  const dash = header.indexOf('-', UNIT.length)
  return dash < 0 ? null : [header.slice(UNIT.length, dash), header.slice(dash + 1)]
}

/** A text of digits, or null. Positions beyond safe integers lie beyond every object and may lose precision. */
const parsePosition = (text: string): number | null => parseDigits(text, 20)
