import type { MonotonicClock } from '../../base/clock.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { LEASE_DURATION_MS } from './writer-lease.ts'
import { endLease, writtenLeases } from './written-leases.ts'

/**
 * Of the time between two looks no more than this counts. While this process stood still, or the store answered nobody, others may not have been able to
 * renew their leases either; they get time to do so before it is held against them.
 */
const COUNTED_MS_MAX = 3 * 60_000

interface Seen {
  /** What a renewal changes. */
  readonly state: string
  /** For how long, at least, it was seen unchanged. */
  readonly unrenewedMs: number
}

/**
 * What this process has seen of the leases: one that it saw unrenewed for ten minutes of its own time is ended. No instant that another machine wrote is
 * compared with a clock of this one, so no clock that is wrong ends the lease of a process that lives.
 */
export class LeaseWatch {
  readonly #metadata: MetadataStore
  readonly #monotonicMs: MonotonicClock
  #seen: ReadonlyMap<string, Seen> = new Map()
  #lookedAtMs: number | null = null
  #look: Promise<number> | null = null

  constructor(metadata: MetadataStore, monotonicMs: MonotonicClock) {
    this.#metadata = metadata
    this.#monotonicMs = monotonicMs
  }

  /** Looks at all leases, and ends those that were not renewed for long enough; gives how many. To be called every minute at least. */
  look(): Promise<number> {
    this.#look ??= this.#lookOnce().finally(() => (this.#look = null))
    return this.#look
  }

  async #lookOnce(): Promise<number> {
    const elapsedMs = this.#lookedAtMs === null ? 0 : this.#monotonicMs() - this.#lookedAtMs
    const countedMs = Math.min(Math.max(elapsedMs, 0), COUNTED_MS_MAX)
    const seen = new Map<string, Seen>()
    let ended = 0
    for await (const lease of writtenLeases(this.#metadata)) {
      const state = JSON.stringify([lease.version, lease.renewal])
      const before = this.#seen.get(lease.writerId)
      const unrenewedMs = before?.state === state ? before.unrenewedMs + countedMs : 0
      if (unrenewedMs >= LEASE_DURATION_MS && (await endLease(this.#metadata, lease))) ended++
      else seen.set(lease.writerId, { state, unrenewedMs })
    }
    // The time between the end of one look and the beginning of the next: whatever was read, it was read at least so far apart.
    this.#seen = seen
    this.#lookedAtMs = this.#monotonicMs()
    return ended
  }
}
