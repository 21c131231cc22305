import { crc32 } from '../../base/crc-32.ts'
import { isDivided, isRestKey, isWholeRow, restKeyIn, versionOfRow } from './divided-values.ts'
import type { Row } from './row-reader.ts'

/** Of this filter for each row that there may be, and in all. */
const BITS_PER_ROW = 8
const FILTER_BITS_MAX = 2 ** 29
/** Bits of a name. */
const BITS_PER_NAME = 4

/**
 * Which rests of values are named by a row of an entry, for whoever reads all rows of a state in order of key: entries come first, and rests behind them. A rest that none names is left of a value whose row was damaged
 * when it was removed. Kept in a few bits for each row, so that some that nobody names may pass for named.
 */
export class NamedRests {
  readonly #bits: Uint8Array
  readonly #mask: number
  #isCertain = true

  /** `rows`: about how many there are. */
  constructor(rows: number) {
    let bits = 1024
    while (bits < rows * BITS_PER_ROW && bits < FILTER_BITS_MAX) bits *= 2
    this.#bits = new Uint8Array(bits / 8)
    this.#mask = bits - 1
  }

  /** To be told of each row. False: it is a rest that no entry has. */
  isWanted({ key, value, version }: Row): boolean {
    if (isRestKey(key)) return !this.#isCertain || this.#has(key)
    if (!isDivided(version)) return true
    // Of a damaged row nobody can tell which rest it has.
    if (isWholeRow(key, value, versionOfRow(version))) this.#add(restKeyIn(value, versionOfRow(version)))
    else this.#isCertain = false
    return true
  }

  #add(name: Buffer): void {
    for (const bit of this.#bitsOf(name))
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7))
  }

  #has(name: Buffer): boolean {
    for (const bit of this.#bitsOf(name))
      if (((this.#bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false
    return true
  }

  *#bitsOf(name: Buffer): Generator<number> {
    let at = crc32(name)
    const step = Math.imul(at, 0x9e37_79b1) | 1
    for (let count = 0; count < BITS_PER_NAME; count++) {
      yield (at & this.#mask) >>> 0
      at = (at + step) | 0
    }
  }
}
