import type { ChecksumAlgorithm } from './algorithms.ts'
import { CHECKSUM_BYTES } from './algorithms.ts'

/** The algorithms whose value over a whole follows from the values over its parts. */
export type CombinableAlgorithm = Extract<ChecksumAlgorithm, 'CRC32' | 'CRC32C' | 'CRC64NVME'>

/**
 * A polynomial modulo a CRC's, reflected: the highest bit stands for x^0. In two 32-bit halves, because big integers are some fifty
 * times slower; one of 32 bits uses the low half alone.
 */
interface Polynomial {
  readonly high: number
  readonly low: number
}

interface Field {
  readonly isWide: boolean
  readonly modulus: Polynomial
  /** Entry 256·k + d is x^(8·d·256^k): the effect of d·256^k more bytes. Filled as they are needed, 7 · 256 entries at most. */
  readonly powers: Polynomial[]
}

const narrow = (low: number): Field => ({
  isWide: false,
  modulus: { high: 0, low },
  powers: [
    { high: 0, low: 1 << 31 },
    { high: 0, low: 1 << 23 },
  ],
})

const FIELDS: Readonly<Record<CombinableAlgorithm, Field>> = {
  CRC32: narrow(0xedb88320 | 0),
  CRC32C: narrow(0x82f63b78 | 0),
  CRC64NVME: {
    isWide: true,
    modulus: { high: 0x9a6c9329 | 0, low: 0xac4bc9b5 | 0 },
    powers: [
      { high: 1 << 31, low: 0 },
      { high: 1 << 23, low: 0 },
    ],
  },
}

const ZERO: Polynomial = { high: 0, low: 0 }

/** Whether the algorithm's value over a whole follows from those over its parts: so with all CRCs. */
export function isCombinable(algorithm: ChecksumAlgorithm): algorithm is CombinableAlgorithm {
  return algorithm in FIELDS
}

/**
 * Makes the CRC of bytes made of runs out of the CRCs of the runs: 10,000 runs of differing lengths in tens of milliseconds.
 *
 * A CRC is a remainder in the polynomials over GF(2): behind n more bytes the value so far counts x^(8n) times as much, so it is
 * multiplied by that power modulo the CRC's polynomial and added (xor) to the next run's. The ones before and after cancel out.
 */
export class CrcCombiner {
  readonly #field: Field
  readonly #bytes: number
  #value = ZERO
  #lastSizeBytes = -1
  #lastPower = ZERO

  constructor(algorithm: CombinableAlgorithm) {
    this.#field = FIELDS[algorithm]
    this.#bytes = CHECKSUM_BYTES[algorithm]
  }

  /** Adds the CRC of the next run (4 or 8 bytes, big-endian), which is `sizeBytes` long: a safe integer, 0 or more. */
  add(crc: Buffer, sizeBytes: number): void {
    if (crc.length !== this.#bytes)
      throw new RangeError(`a checksum must have ${this.#bytes} bytes, got ${crc.length}`)
    // All parts of an upload but the last are of one size, as a rule.
    if (sizeBytes !== this.#lastSizeBytes) {
      this.#lastSizeBytes = sizeBytes
      this.#lastPower = powerOfBytes(sizeBytes, this.#field)
    }
    const { high, low } = multiply(this.#lastPower, this.#value, this.#field)
    this.#value = this.#field.isWide
      ? { high: high ^ crc.readInt32BE(0), low: low ^ crc.readInt32BE(4) }
      : { high: 0, low: low ^ crc.readInt32BE(0) }
  }

  /** The CRC of all runs so far: 4 or 8 bytes, big-endian. */
  digest(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#bytes)
    if (this.#field.isWide) bytes.writeInt32BE(this.#value.high, 0)
    bytes.writeInt32BE(this.#value.low, this.#bytes - 4)
    return bytes
  }
}

/** x^(8·sizeBytes) modulo the polynomial. */
function powerOfBytes(sizeBytes: number, field: Field): Polynomial {
  let power = powerOfDigit(0, sizeBytes % 256, field)
  let rest = Math.floor(sizeBytes / 256)
  for (let place = 1; rest > 0; place++) {
    if (rest % 256 > 0) power = multiply(power, powerOfDigit(place, rest % 256, field), field)
    rest = Math.floor(rest / 256)
  }
  return power
}

/** x^(8·digit·256^place) modulo the polynomial; `digit` is 0–255. */
function powerOfDigit(place: number, digit: number, field: Field): Polynomial {
  const known = field.powers[256 * place + digit]
  if (known) return known
  const power =
    digit === 1
      ? square(powerOfDigit(place - 1, 128, field), field)
      : digit % 2 === 0
        ? square(powerOfDigit(place, digit / 2, field), field)
        : multiply(powerOfDigit(place, digit - 1, field), powerOfDigit(place, 1, field), field)
  field.powers[256 * place + digit] = power
  return power
}

const square = (value: Polynomial, field: Field): Polynomial => multiply(value, value, field)

/** Product of two polynomials modulo the field's. */
function multiply(left: Polynomial, right: Polynomial, { isWide, modulus }: Field): Polynomial {
  let high = 0
  let low = 0
  let shiftedHigh = right.high
  let shiftedLow = right.low
  for (let half = isWide ? 0 : 1; half < 2; half++) {
    const factor = half === 0 ? left.high : left.low
    for (let bit = 31; bit >= 0; bit--) {
      // Masks instead of branches: the bits are as good as random.
      const isPresent = -((factor >>> bit) & 1)
      high ^= shiftedHigh & isPresent
      low ^= shiftedLow & isPresent
      const isOdd = -(shiftedLow & 1)
      shiftedLow = ((shiftedLow >>> 1) | (shiftedHigh << 31)) ^ (modulus.low & isOdd)
      shiftedHigh = (shiftedHigh >>> 1) ^ (modulus.high & isOdd)
    }
  }
  return { high, low }
}
