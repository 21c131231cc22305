/** What Node keeps of a source map beside its coverage reports. */
export interface SourceMapData {
  readonly lineLengths: readonly number[]
  readonly data: { readonly mappings: string }
}

interface MappedOffset {
  /** Of the character in the text that ran. */
  readonly offset: number
  /** Of the source, from 1. */
  readonly line: number
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Where each mapped piece of the text that ran comes from. */
export function linesOf({ lineLengths, data }: SourceMapData): MappedOffset[] {
  const found: MappedOffset[] = []
  let [lineStart, sourceLine] = [0, 0]
  data.mappings.split(';').forEach((line, index) => {
    let column = 0
    for (const segment of line.split(',').filter(Boolean)) {
      const [columnStep = 0, , sourceLineStep] = decode(segment)
      column += columnStep
      if (sourceLineStep === undefined) continue
      sourceLine += sourceLineStep
      found.push({ offset: lineStart + column, line: sourceLine + 1 })
    }
    lineStart += (lineLengths[index] ?? 0) + 1
  })
  return found
}

/** The numbers of a segment: base 64, five bits to a digit, lowest first, the sign in the lowest bit. */
function decode(segment: string): number[] {
  const numbers: number[] = []
  let [value, shift] = [0, 0]
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit)
    value |= (bits & 31) << shift
    shift += 5
    if ((bits & 32) !== 0) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    value = shift = 0
  }
  return numbers
}
