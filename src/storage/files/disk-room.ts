import { StoreFull } from '../metadata-store.ts'
import type { FileSystem } from './file-system.ts'

/** What was found out about free room counts for so long. */
const KNOWN_MS = 1_000

/** How much room there is for blobs: a body that cannot fit is refused before it is taken in. */
export class DiskRoom {
  readonly #files: FileSystem
  readonly #folder: string
  #freeBytes = Infinity
  #askedAt = -Infinity
  #lack: { readonly error: StoreFull; readonly until: number } | null = null

  constructor(files: FileSystem, folder: string) {
    this.#files = files
    this.#folder = folder
  }

  /** The error of a body that found no room a moment ago; null when there was none. */
  get refusal(): StoreFull | null {
    return this.#lack && performance.now() < this.#lack.until ? this.#lack.error : null
  }

  /** Throws StoreFull where so many bytes do not fit. */
  async assertFor(sizeBytes: number): Promise<void> {
    if (sizeBytes === 0) return
    if (performance.now() - this.#askedAt > KNOWN_MS || sizeBytes > this.#freeBytes) await this.#ask()
    if (sizeBytes > this.#freeBytes) throw new StoreFull(sizeBytes - this.#freeBytes)
    this.#freeBytes -= sizeBytes
  }

  /** The error for a body of so many bytes (0: not known) that the disk did not take. */
  async lacks(sizeBytes: number, cause: StoreFull): Promise<StoreFull> {
    await this.#ask()
    const error = new StoreFull(Math.max(1, sizeBytes - this.#freeBytes), { cause })
    this.#lack = { error, until: performance.now() + KNOWN_MS }
    return error
  }

  async #ask(): Promise<void> {
    this.#askedAt = performance.now()
    try {
      this.#freeBytes = await this.#files.freeBytes(this.#folder)
    } catch {
      // A file system that does not tell is written to.
      this.#freeBytes = Infinity
    }
  }
}
