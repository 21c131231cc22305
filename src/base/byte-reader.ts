/** As many bytes as the largest safe integer takes. */
const UINT_BYTES_MAX = 8
/** Texts up to this length are read character by character where they are ASCII. */
const SHORT_TEXT = 16

/**
 * Reads what {@link ByteWriter} wrote, from `at` up to and without `end`. Each read throws RangeError where the bytes end before, or are none of that kind; nothing
 * is taken from memory, or set aside, that the bytes do not hold.
 */
export class ByteReader {
  readonly #bytes: Buffer
  readonly #end: number
  #at: number

  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes
    this.#at = at
    this.#end = Math.min(end, bytes.length)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#end - this.#at
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#take(1))
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2))
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4))
  }

  uint(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < UINT_BYTES_MAX; count++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (Number.isSafeInteger(value)) return value
        break
      }
      scale *= 0x80
    }
    throw new RangeError(`no number that can be counted with ends at byte ${this.#at}`)
  }

  text(): string {
    const length = this.uint()
    const start = this.#take(length)
    if (length <= SHORT_TEXT) {
      const short = this.#shortAscii(start, length)
      if (short !== null) return short
    }
    return this.#bytes.toString('utf8', start, start + length)
  }

  /** Passes over a text, or over base64. */
  skipSized(): void {
    this.#take(this.uint())
  }

  /** Passes over so many bytes. */
  skip(count: number): void {
    this.#take(count)
  }

  /** So many bytes as pairs of digits. */
  hex(count: number): string {
    const start = this.#take(count)
    return this.#bytes.toString('hex', start, start + count)
  }

  base64(): string {
    const count = this.uint()
    const start = this.#take(count)
    return this.#bytes.toString('base64', start, start + count)
  }

  #shortAscii(start: number, length: number): string | null {
    let text = ''
    for (let at = start; at < start + length; at++) {
      const code = this.#bytes[at] ?? 0x80
      if (code >= 0x80) return null
      text += String.fromCharCode(code)
    }
    return text
  }

  /** Where the next so many bytes are. */
  #take(count: number): number {
    const start = this.#at
    if (count > this.#end - start)
      throw new RangeError(`${count} bytes from ${start} on end past ${this.#end}`)
    this.#at = start + count
    return start
  }
}
