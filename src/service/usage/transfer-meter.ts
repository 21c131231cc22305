import type { Clock } from '../../base/clock.ts'
import { CommitUnknown, KEYS_PER_COMMIT_ADVISED, type MetadataStore } from '../../storage/metadata-store.ts'
import { dayOf, transferDelta, type Transfer } from './daily-usage.ts'

/** Buckets with transfer not yet written; when there are more, the meter flushes at once. */
const BUCKETS_MAX = 1000
/** Buckets kept in memory while the store does not answer. */
const BUCKETS_KEPT_MAX = 10_000
const ROWS_PER_COMMIT = KEYS_PER_COMMIT_ADVISED

/**
 * Counts requests and the bytes that go in and out of buckets in memory, and adds them to the store now and then: no write per request. A crash loses
 * what was counted since the last flush, a store that stays away loses what goes beyond {@link BUCKETS_KEPT_MAX} buckets, and a commit that
 * may or may not have happened is not repeated: all in the customer's favour.
 */
export class TransferMeter {
  readonly #metadata: Pick<MetadataStore, 'commit'>
  readonly #clock: Clock
  #counted = new Map<string, { inBytes: number; outBytes: number; requests: number }>()
  #flushing: Promise<void> = Promise.resolve()

  constructor(metadata: Pick<MetadataStore, 'commit'>, clock: Clock) {
    this.#metadata = metadata
    this.#clock = clock
  }

  /** Counts a request and its bytes. Never fails and never waits. */
  count(bucketId: string, { inBytes, outBytes }: Omit<Transfer, 'requests'>): void {
    const counted = this.#counted.get(bucketId)
    if (counted) {
      counted.inBytes += inBytes
      counted.outBytes += outBytes
      counted.requests++
      return
    }
    if (this.#counted.size >= BUCKETS_KEPT_MAX) return
    this.#counted.set(bucketId, { inBytes, outBytes, requests: 1 })
    // A store that does not answer now is tried again by the next flush; the counts come back.
    if (this.#counted.size === BUCKETS_MAX) this.flush().catch(() => undefined)
  }

  /** To be called every few seconds and before the end: adds what was counted to the day's rows. Rejects with StoreUnavailable; the counts
   * that are surely not in the store are then kept for the next flush. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(
      () => this.#flushOnce(),
      () => this.#flushOnce(),
    )
    return this.#flushing
  }

  async #flushOnce(): Promise<void> {
    const day = dayOf(this.#clock.now())
    const counted = [...this.#counted]
    this.#counted = new Map()
    for (let at = 0; at < counted.length; at += ROWS_PER_COMMIT) {
      const rows = counted.slice(at, at + ROWS_PER_COMMIT)
      try {
        const adds = rows.flatMap(([bucketId, transfer]) => transferDelta(bucketId, day, transfer))
        await this.#metadata.commit({ adds })
      } catch (error) {
        // What may be in the store already is not counted again: what is lost is lost in the customer's favour.
        const from = error instanceof CommitUnknown ? at + ROWS_PER_COMMIT : at
        for (const [bucketId, transfer] of counted.slice(from)) this.#putBack(bucketId, transfer)
        throw error
      }
    }
  }

  #putBack(bucketId: string, { inBytes, outBytes, requests }: Transfer): void {
    const newer = this.#counted.get(bucketId)
    if (newer) {
      newer.inBytes += inBytes
      newer.outBytes += outBytes
      newer.requests += requests
    } else if (this.#counted.size < BUCKETS_KEPT_MAX)
      this.#counted.set(bucketId, { inBytes, outBytes, requests })
  }
}
