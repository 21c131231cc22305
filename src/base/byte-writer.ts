/** Bytes set aside at the beginning, and kept between uses at most. */
const KEPT_BYTES = 4_096
const KEPT_BYTES_MAX = 64 * 1_024
/** Texts up to this length are written character by character where they are ASCII: that takes less than a call of the platform. */
const SHORT_TEXT = 32
/** Bytes of a character of UTF-8 for each unit of a text, at most. */
const BYTES_PER_UNIT = 3
/** Half of a pair of UTF-16: nothing that UTF-8 can hold. */
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Writes numbers, texts and bytes one after the other into memory of its own, which grows as is needed. To be used again and again, by one writing at a time.
 *
 *     uint     7 bits in each byte, the lowest first; the top bit of all but the last is set
 *     text     uint, how many bytes; UTF-8
 *     hex      the bytes that pairs of hexadecimal digits stand for
 *     base64   uint, how many bytes; what they are in base64
 */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(KEPT_BYTES)
  #length = 0

  /** Bytes written so far; set to an earlier one, what was written since is forgotten. */
  get length(): number {
    return this.#length
  }

  set length(length: number) {
    this.#length = length
  }

  /** Forgets everything. */
  clear(): void {
    this.#length = 0
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#bytes = Buffer.allocUnsafeSlow(KEPT_BYTES)
  }

  /** Copies what was written to `target`. */
  copyTo(target: Buffer, at: number): void {
    this.#bytes.copy(target, at, 0, this.#length)
  }

  byte(value: number): void {
    this.#bytesFor(1)[this.#length++] = value
  }

  uint16(value: number): void {
    this.#bytesFor(2).writeUInt16BE(value, this.#length)
    this.#length += 2
  }

  /** Writes over what is at `at` already. */
  setUint16(value: number, at: number): void {
    this.#bytes.writeUInt16BE(value, at)
  }

  uint32(value: number): void {
    this.#bytesFor(4).writeUInt32BE(value, this.#length)
    this.#length += 4
  }

  /** A whole number from 0 up to {@link Number.MAX_SAFE_INTEGER}. */
  uint(value: number): void {
    const bytes = this.#bytesFor(8)
    let rest = value
    while (rest >= 0x80) {
      bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    bytes[this.#length++] = rest
  }

  /** False, and nothing is written, for a text that UTF-8 cannot hold. */
  text(value: string): boolean {
    const { length } = value
    if (length <= SHORT_TEXT && this.#shortAscii(value)) return true
    if (LONE_SURROGATE.test(value)) return false
    this.uint(Buffer.byteLength(value))
    this.#length += this.#bytesFor(length * BYTES_PER_UNIT).write(value, this.#length, 'utf8')
    return true
  }

  /** An even number of digits, and nothing else. */
  hex(digits: string): void {
    this.#length += this.#bytesFor(digits.length / 2).write(digits, this.#length, 'hex')
  }

  /** False, and nothing is written, for what is no base64 or could be written otherwise. */
  base64(value: string): boolean {
    const bytes = Buffer.from(value, 'base64')
    if (bytes.toString('base64') !== value) return false
    this.uint(bytes.length)
    this.#bytesFor(bytes.length).set(bytes, this.#length)
    this.#length += bytes.length
    return true
  }

  #shortAscii(value: string): boolean {
    const { length } = value
    const bytes = this.#bytesFor(length + 1)
    const start = this.#length + 1
    for (let at = 0; at < length; at++) {
      const code = value.charCodeAt(at)
      if (code >= 0x80) return false
      bytes[start + at] = code
    }
    bytes[this.#length] = length
    this.#length = start + length
    return true
  }

  /** The memory, with room for so many bytes more. */
  #bytesFor(count: number): Buffer {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return this.#bytes
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
    return larger
  }
}
