/**
 * CRC-64/NVME: polynomial 0xad93d23594c93659, bits reflected, all ones before and after. Eight bytes a step through eight tables,
 * each 64-bit value in two 32-bit halves, which is faster in JavaScript than big integers by far.
 */
const REFLECTED_HIGH = 0x9a6c9329 | 0
const REFLECTED_LOW = 0xac4bc9b5 | 0

/** Row k, at k·256: what a byte becomes when k further bytes follow it in the step. */
const HIGH = new Int32Array(8 * 256)
const LOW = new Int32Array(8 * 256)
fillTables()

/** A CRC-64/NVME of bytes that come piece by piece. */
export class Crc64Nvme {
  #high = -1
  #low = -1

  update(bytes: Uint8Array): void {
    const length = bytes.length
    const wholeSteps = length - (length % 8)
    let high = this.#high
    let low = this.#low
    let at = 0
    for (; at < wholeSteps; at += 8) {
      low ^=
        byteAt(bytes, at) |
        (byteAt(bytes, at + 1) << 8) |
        (byteAt(bytes, at + 2) << 16) |
        (byteAt(bytes, at + 3) << 24)
      high ^=
        byteAt(bytes, at + 4) |
        (byteAt(bytes, at + 5) << 8) |
        (byteAt(bytes, at + 6) << 16) |
        (byteAt(bytes, at + 7) << 24)
      const row7 = 1792 + (low & 0xff)
      const row6 = 1536 + ((low >>> 8) & 0xff)
      const row5 = 1280 + ((low >>> 16) & 0xff)
      const row4 = 1024 + (low >>> 24)
      const row3 = 768 + (high & 0xff)
      const row2 = 512 + ((high >>> 8) & 0xff)
      const row1 = 256 + ((high >>> 16) & 0xff)
      const row0 = high >>> 24
      high =
        wordAt(HIGH, row7) ^
        wordAt(HIGH, row6) ^
        wordAt(HIGH, row5) ^
        wordAt(HIGH, row4) ^
        wordAt(HIGH, row3) ^
        wordAt(HIGH, row2) ^
        wordAt(HIGH, row1) ^
        wordAt(HIGH, row0)
      low =
        wordAt(LOW, row7) ^
        wordAt(LOW, row6) ^
        wordAt(LOW, row5) ^
        wordAt(LOW, row4) ^
        wordAt(LOW, row3) ^
        wordAt(LOW, row2) ^
        wordAt(LOW, row1) ^
        wordAt(LOW, row0)
    }
    for (; at < length; at++) {
      const row = (low ^ byteAt(bytes, at)) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ wordAt(LOW, row)
      high = (high >>> 8) ^ wordAt(HIGH, row)
    }
    this.#high = high
    this.#low = low
  }

  /** 8 bytes, big-endian. */
  digest(): Buffer {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeInt32BE(~this.#high, 0)
    bytes.writeInt32BE(~this.#low, 4)
    return bytes
  }
}

// The compiler cannot know that these indexes lie inside; V8 inlines both away.
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}

function wordAt(table: Int32Array, at: number): number {
  return table[at] as number
}

function fillTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let high = 0
    let low = byte
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (low & 1) === 1
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (isOdd) {
        high ^= REFLECTED_HIGH
        low ^= REFLECTED_LOW
      }
    }
    HIGH[byte] = high
    LOW[byte] = low
  }
  for (let at = 256; at < HIGH.length; at++) {
    const high = wordAt(HIGH, at - 256)
    const low = wordAt(LOW, at - 256)
    HIGH[at] = (high >>> 8) ^ wordAt(HIGH, low & 0xff)
    LOW[at] = ((low >>> 8) | (high << 24)) ^ wordAt(LOW, low & 0xff)
  }
}
