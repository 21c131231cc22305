import { hexDigit } from '../../base/percent-encoding.ts'

const JOINED_BYTES = 16 * 1024
/** Chunks whose size has more digits are no business of {@link SmallChunks.addChunks}. */
const SIZE_DIGITS_MAX = 3
const CHUNK_BYTES_MAX = 0xfff
/** Below, a loop is faster than the call of a copying function. */
const LOOPED_BYTES_MAX = 64
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** The bytes of small chunks on their way to be one piece. */
export class SmallChunks {
  #buffer: Buffer | null = null
  #sizeBytes = 0

  /** Of what was put together so far. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Whether any chunk that {@link addChunks} takes fits in. */
  get hasRoom(): boolean {
    return this.hasRoomFor(CHUNK_BYTES_MAX)
  }

  /** Whether `sizeBytes` more fit in. */
  hasRoomFor(sizeBytes: number): boolean {
    return this.#sizeBytes + sizeBytes <= JOINED_BYTES
  }

  /** Adds bytes for which there is room. */
  add(bytes: Buffer): void {
    this.#buffer ??= Buffer.allocUnsafeSlow(JOINED_BYTES)
    bytes.copy(this.#buffer, this.#sizeBytes)
    this.#sizeBytes += bytes.length
  }

  /**
   * Adds the bytes of chunks without signatures that lie whole and well-formed in `buffer` from `from` on, `bytesMax` of them at most, and tells
   * where they end: at `from` when there is none, or none that is small. Each costs no more than its bytes.
   */
  addChunks(buffer: Buffer, from: number, bytesMax: number): number {
    const joined = (this.#buffer ??= Buffer.allocUnsafeSlow(JOINED_BYTES))
    let end = from
    while (this.hasRoom) {
      let at = end
      let size = 0
      while (at < end + SIZE_DIGITS_MAX) {
        const digit = digitAt(buffer, at)
        if (digit < 0) break
        size = size * 16 + digit
        at++
      }
      const next = at + 2 + size
      if (size === 0 || size > bytesMax || next + 2 > buffer.length) break
      if (!isLineEnd(buffer, at) || !isLineEnd(buffer, next)) break
      this.#append(joined, buffer, at + 2, next)
      bytesMax -= size
      end = next + 2
    }
    return end
  }

  /** What was put together; it belongs to the caller. */
  take(): Buffer {
    const joined = (this.#buffer ?? Buffer.alloc(0)).subarray(0, this.#sizeBytes)
    this.#buffer = null
    this.#sizeBytes = 0
    return joined
  }

  #append(joined: Buffer, buffer: Buffer, from: number, to: number): void {
    if (to - from > LOOPED_BYTES_MAX) buffer.copy(joined, this.#sizeBytes, from, to)
    else for (let at = from; at < to; at++) joined[this.#sizeBytes + at - from] = buffer[at] ?? 0
    this.#sizeBytes += to - from
  }
}

/** −1 behind the end, too. */
const digitAt = (buffer: Buffer, at: number): number => hexDigit(buffer[at] ?? 0)

const isLineEnd = (buffer: Buffer, at: number): boolean =>
  buffer[at] === CARRIAGE_RETURN && buffer[at + 1] === LINE_FEED
