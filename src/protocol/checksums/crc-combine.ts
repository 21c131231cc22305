import type { ChecksumAlgorithm } from './algorithms.ts'

/** The algorithms whose value over a whole follows from the values over its parts. */
export type CombinableAlgorithm = Extract<ChecksumAlgorithm, 'CRC32' | 'CRC32C' | 'CRC64NVME'>

/** The reflected polynomial and its degree: the highest bit stands for x^0. */
interface Field {
  readonly bits: bigint
  readonly polynomial: bigint
  /** Entry k is x^(8·2^k): the effect of 2^k more bytes. Grows as longer parts come, to 53 entries at most. */
  readonly squares: bigint[]
}

const FIELDS: Readonly<Record<CombinableAlgorithm, Field>> = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n, squares: [1n << 23n] },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n, squares: [1n << 23n] },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n, squares: [1n << 55n] },
}

export function isCombinable(algorithm: ChecksumAlgorithm): algorithm is CombinableAlgorithm {
  return algorithm in FIELDS
}

/**
 * Makes the CRC of bytes made of runs out of the CRCs of the runs.
 *
 * A CRC is a remainder in the polynomials over GF(2): behind n more bytes the value so far counts x^(8n) times as much, so it is
 * multiplied by that power modulo the CRC's polynomial and added (xor) to the next run's. The ones before and after cancel out.
 */
export class CrcCombiner {
  readonly #field: Field
  #value = 0n
  #lastSizeBytes = -1
  #lastPower = 0n

  constructor(algorithm: CombinableAlgorithm) {
    this.#field = FIELDS[algorithm]
  }

  /** The CRC of all runs so far. */
  get value(): bigint {
    return this.#value
  }

  /** Adds the CRC of the next run, which is `sizeBytes` long: a safe integer, 0 or more. */
  add(crc: bigint, sizeBytes: number): void {
    // All parts of an upload but the last are of one size, as a rule.
    if (sizeBytes !== this.#lastSizeBytes) {
      this.#lastSizeBytes = sizeBytes
      this.#lastPower = powerOfBytes(sizeBytes, this.#field)
    }
    this.#value = multiply(this.#lastPower, this.#value, this.#field) ^ crc
  }
}

/** x^(8·sizeBytes) modulo the polynomial. */
function powerOfBytes(sizeBytes: number, field: Field): bigint {
  let power = 1n << (field.bits - 1n)
  let rest = sizeBytes
  for (let at = 0; rest > 0; at++) {
    const last = field.squares[at - 1] ?? 0n
    const square = (field.squares[at] ??= multiply(last, last, field))
    if (rest % 2 === 1) power = multiply(power, square, field)
    rest = Math.floor(rest / 2)
  }
  return power
}

/** Product of two polynomials modulo the field's. */
function multiply(left: bigint, right: bigint, { bits, polynomial }: Field): bigint {
  let product = 0n
  let shifted = right
  for (let bit = 1n << (bits - 1n); bit > 0n; bit >>= 1n) {
    if ((left & bit) !== 0n) product ^= shifted
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n
  }
  return product
}
