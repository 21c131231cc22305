/**
 * Buffers for the bytes of large bodies, used again and again. Each new one would cost the system fresh pages and the garbage collector a
 * look at the whole heap: more than reading or sending the bytes themselves.
 */
export class BufferPool {
  /** The size of each buffer. */
  readonly bufferBytes: number
  readonly #spareMax: number
  readonly #spare: ArrayBuffer[] = []
  readonly #lent = new WeakSet<ArrayBufferLike>()

  /** Buffers of one size, of which so many are kept while nobody needs them. */
  constructor({ bufferBytes, spareMax }: { readonly bufferBytes: number; readonly spareMax: number }) {
    this.bufferBytes = bufferBytes
    this.#spareMax = spareMax
  }

  /** A buffer with old bytes in it. One that never comes back is left to the garbage collector. */
  take(): Buffer {
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.bufferBytes).buffer
    this.#lent.add(memory)
    return Buffer.from(memory)
  }

  /**
   * Takes back a buffer, or a part that stands for the whole of it; anything else is passed over. Whoever calls this is the last who
   * reads those bytes.
   */
  giveBack(bytes: Uint8Array): void {
    const memory = bytes.buffer
    if (!(memory instanceof ArrayBuffer) || !this.#lent.delete(memory)) return
    if (this.#spare.length < this.#spareMax) this.#spare.push(memory)
  }
}

/** For the bodies of answers, in all of this process: 256 KiB each, enough to make few calls. 16 MiB of them are kept. */
export const bodyBuffers = new BufferPool({ bufferBytes: 256 * 1024, spareMax: 64 })
