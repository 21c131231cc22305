const CARRIAGE_RETURN = 0x0d

/** Bytes that are read up to delimiters, which may be cut anywhere by the source's pieces. */
export class DelimitedSource {
  readonly #pieces: AsyncIterator<Uint8Array>
  #rest: Buffer
  /** Memory of our own, of which the rest may be a part; its bytes behind the rest are free. */
  #joined = Buffer.alloc(0)

  /** `start`: bytes that count as standing before the source's own. */
  constructor(source: AsyncIterable<Uint8Array>, start: Buffer) {
    this.#pieces = source[Symbol.asyncIterator]()
    this.#rest = start
  }

  /** The bytes before the next delimiter, which is passed over. `too-long` when they are more than `bytesMax`. */
  async readUntil(delimiter: Buffer, bytesMax: number): Promise<Buffer | 'too-long' | 'ended'> {
    let searchFrom = 0
    for (;;) {
      const end = this.#rest.indexOf(delimiter, searchFrom)
      if (end > bytesMax) return 'too-long'
      if (end >= 0) {
        const bytes = this.#rest.subarray(0, end)
        this.#rest = this.#rest.subarray(end + delimiter.length)
        return bytes
      }
      if (this.#rest.length > bytesMax + delimiter.length) return 'too-long'
      searchFrom = Math.max(0, this.#rest.length - delimiter.length + 1)
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
    this.#append(piece)
    return true
  }

  /** Behind the rest there is room for what comes in small pieces, so that not all of it is copied for each. */
  #append(piece: Buffer): void {
    if (this.#rest.length === 0) {
      this.#rest = piece
      return
    }
    const sizeBytes = this.#rest.length + piece.length
    const isOurs = this.#rest.buffer === this.#joined.buffer
    const end = this.#rest.byteOffset + this.#rest.length
    if (!isOurs || end + piece.length > this.#joined.length) {
      const joined = Buffer.allocUnsafeSlow(sizeBytes * 2)
      this.#rest.copy(joined)
      this.#joined = joined
      this.#rest = joined.subarray(0, this.#rest.length)
    }
    const at = this.#rest.byteOffset
    piece.copy(this.#joined, at + this.#rest.length)
    this.#rest = this.#joined.subarray(at, at + sizeBytes)
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
