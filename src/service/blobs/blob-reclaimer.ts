import type { Clock } from '../../base/clock.ts'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'

/** More than this are left to the sweeper. */
const WAITING_MAX = 100_000
const BATCH_SIZE = 500

interface Released {
  readonly blobId: BlobId
  readonly dueAt: number
}

/**
 * Removes blobs that nothing refers to any more, some time later, so that readers who looked an object up before can finish. What it forgets
 * (a crash, a full queue, a store that does not answer) the sweeper finds.
 */
export class BlobReclaimer {
  readonly #blobs: BlobStore
  readonly #clock: Clock
  readonly #delayMs: number
  readonly #pins = new Map<BlobId, number>()
  #waiting: Released[] = []

  /** `delayMs`: how long readers in other processes have to finish. Readers in this one pin what they read. */
  constructor(blobs: BlobStore, clock: Clock, delayMs: number) {
    this.#blobs = blobs
    this.#clock = clock
    this.#delayMs = delayMs
  }

  /** Whether more may be released without leaving it to the sweeper. */
  get hasRoom(): boolean {
    return this.#waiting.length < WAITING_MAX / 2
  }

  /** Puts the blobs in the queue, after the commit that let go of them. */
  release(blobIds: readonly BlobId[]): void {
    const dueAt = this.#clock.now() + this.#delayMs
    for (const blobId of blobIds)
      if (this.#waiting.length < WAITING_MAX) this.#waiting.push({ blobId, dueAt })
  }

  /** Keeps the blobs while a reader of this process needs them; call what it gives once, when the reader has finished. */
  pin(blobIds: readonly BlobId[]): () => void {
    for (const blobId of blobIds) this.#pins.set(blobId, (this.#pins.get(blobId) ?? 0) + 1)
    return () => {
      for (const blobId of blobIds) {
        const left = (this.#pins.get(blobId) ?? 1) - 1
        if (left > 0) this.#pins.set(blobId, left)
        else this.#pins.delete(blobId)
      }
    }
  }

  isPinned(blobId: BlobId): boolean {
    return this.#pins.has(blobId)
  }

  /** Removes what is due; gives how many blobs that were. Rejects when the store does not answer; they are then tried again. */
  async reclaimDue(): Promise<number> {
    return this.#reclaim(this.#clock.now())
  }

  /** Removes all that waits, due or not, but what is pinned. */
  async drain(): Promise<number> {
    return this.#reclaim(Infinity)
  }

  async #reclaim(untilMs: number): Promise<number> {
    const due = this.#waiting.filter(({ blobId, dueAt }) => dueAt <= untilMs && !this.#pins.has(blobId))
    if (due.length === 0) return 0
    const taken = new Set(due)
    this.#waiting = this.#waiting.filter((released) => !taken.has(released))
    for (let at = 0; at < due.length; at += BATCH_SIZE) {
      try {
        await this.#blobs.delete(due.slice(at, at + BATCH_SIZE).map(({ blobId }) => blobId))
      } catch (error) {
        this.#waiting = [...this.#waiting, ...due.slice(at)]
        throw error
      }
    }
    return due.length
  }
}
