import { freeMemory } from './free-memory.ts'

/**
 * Buffers for the bytes of large bodies, used again and again: each new one would cost the system fresh pages and the garbage collector a
 * look at the whole heap, more than to read or send the bytes. They lie in memory that threads share.
 *
 * Whoever gets a buffer may keep it or pass it on; the last one gives it back. One that nobody gives back is left to the garbage collector.
 */
export class BufferPool {
  /** The size of each buffer. */
  readonly bufferBytes: number
  readonly #spareMax: number
  readonly #spare: SharedArrayBuffer[] = []
  /** How many have each buffer that is out. */
  readonly #holders = new WeakMap<ArrayBufferLike, number>()

  /** Buffers of one size, of which so many are kept while nobody needs them. */
  constructor({ bufferBytes, spareMax }: { readonly bufferBytes: number; readonly spareMax: number }) {
    this.bufferBytes = bufferBytes
    this.#spareMax = spareMax
  }

  /** A buffer with old bytes in it, for one holder. */
  take(): Buffer {
    const memory = this.#spare.pop() ?? new SharedArrayBuffer(this.bufferBytes)
    this.#holders.set(memory, 1)
    return Buffer.from(memory)
  }

  /**
   * Takes in bytes that were made elsewhere, for one holder, who alone has them: when the last one gives them back their memory is free at once. The garbage collector
   * would look for them only after many more had come, and look at everything else each time. Bytes that share their memory with others are passed over, and small ones.
   */
  adopt<T extends Uint8Array>(bytes: T): T {
    const memory = bytes.buffer
    if (bytes.length >= ADOPTED_BYTES_MIN && bytes.length === memory.byteLength) this.#holders.set(memory, 1)
    return bytes
  }

  /** Whether the bytes lie in one of its own buffers, and it is out. */
  has(bytes: Uint8Array): boolean {
    return bytes.buffer instanceof SharedArrayBuffer && this.#holders.has(bytes.buffer)
  }

  /** Lets one more have a buffer, or adopted bytes, or a part that stands for them. False, and nothing happens, when the bytes are none of these. */
  share(bytes: Uint8Array): boolean {
    const holders = this.#holders.get(bytes.buffer)
    if (holders === undefined) return false
    this.#holders.set(bytes.buffer, holders + 1)
    return true
  }

  /** One holder is done with a buffer, or adopted bytes, or with a part that stands for them. Other bytes are passed over. */
  giveBack(bytes: Uint8Array): void {
    const memory = bytes.buffer
    const holders = this.#holders.get(memory)
    if (holders === undefined) return
    if (holders > 1) {
      this.#holders.set(memory, holders - 1)
      return
    }
    this.#holders.delete(memory)
    if (memory instanceof ArrayBuffer) freeMemory(memory)
    else if (this.#spare.length < this.#spareMax) this.#spare.push(memory)
  }
}

/** To free less than that by itself takes longer than the garbage collector does. */
const ADOPTED_BYTES_MIN = 16 * 1024

/**
 * For the bodies of this process's requests and responses: 128 KiB each, enough to make few calls, and few enough that many slow clients can each
 * hold one. 16 MiB of them are kept.
 */
export const bodyBuffers = new BufferPool({ bufferBytes: 128 * 1024, spareMax: 128 })
