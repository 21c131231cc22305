const CARRIAGE_RETURN = 0x0d

/** Bytes that are read up to delimiters, which may be cut anywhere by the source's pieces. */
export class DelimitedSource {
  readonly #pieces: AsyncIterator<Uint8Array>
  #rest: Buffer

  /** `start`: bytes that count as standing before the source's own. */
  constructor(source: AsyncIterable<Uint8Array>, start: Buffer) {
    this.#pieces = source[Symbol.asyncIterator]()
    this.#rest = start
  }

  /** The bytes before the next delimiter, which is passed over. `too-long` when they are more than `bytesMax`. */
  async readUntil(delimiter: Buffer, bytesMax: number): Promise<Buffer | 'too-long' | 'ended'> {
    for (;;) {
      const end = this.#rest.indexOf(delimiter)
      if (end > bytesMax) return 'too-long'
      if (end >= 0) {
        const bytes = this.#rest.subarray(0, end)
        this.#rest = this.#rest.subarray(end + delimiter.length)
        return bytes
      }
      if (this.#rest.length > bytesMax + delimiter.length) return 'too-long'
      if (!(await this.#fill())) return 'ended'
    }
  }

  /** The bytes before the next delimiter, as they come. The delimiter must begin with a carriage return. Throws what `onEnd` makes. */
  async *streamUntil(delimiter: Buffer, onEnd: () => Error): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const end = this.#rest.indexOf(delimiter)
      if (end >= 0) {
        if (end > 0) yield this.#rest.subarray(0, end)
        this.#rest = this.#rest.subarray(end + delimiter.length)
        return
      }
      const kept = possibleStart(this.#rest, delimiter)
      if (kept > 0) yield this.#rest.subarray(0, kept)
      this.#rest = this.#rest.subarray(kept)
      if (!(await this.#fill())) throw onEnd()
    }
  }

  /** Reads on to the source's end and drops the bytes. */
  async drain(): Promise<void> {
    this.#rest = Buffer.alloc(0)
    while (!(await this.#pieces.next()).done);
  }

  async #fill(): Promise<boolean> {
    const next = await this.#pieces.next()
    if (next.done === true) return false
    const piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    return true
  }
}

/** Where a delimiter that is cut off by the end of the bytes could begin; their length when nowhere. */
function possibleStart(bytes: Buffer, delimiter: Buffer): number {
  const from = Math.max(0, bytes.length - delimiter.length + 1)
  for (let at = bytes.indexOf(CARRIAGE_RETURN, from); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (bytes.compare(delimiter, 0, bytes.length - at, at) === 0) return at
  }
  return bytes.length
}
