import { StoreFull } from '../metadata-store.ts'

/** How many bytes stores in memory may have together. Whoever takes something gives it back when it is gone. */
export class MemoryRoom {
  readonly bytesMax: number
  #usedBytes: number

  constructor(bytesMax = Infinity, usedBytes = 0) {
    this.bytesMax = bytesMax
    this.#usedBytes = usedBytes
  }

  /** Bytes that are taken. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Throws StoreFull where so many bytes more do not fit. */
  check(bytes: number): void {
    const missing = this.#usedBytes + bytes - this.bytesMax
    if (missing > 0) throw new StoreFull(missing, { place: 'memory' })
  }

  /** `bytes`: negative where they are given back. */
  take(bytes: number): void {
    this.#usedBytes += bytes
  }
}
