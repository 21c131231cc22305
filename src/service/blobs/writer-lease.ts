import type { Clock, MonotonicClock } from '../../base/clock.ts'
import { uint64Part } from '../../base/key.ts'
import { encodeRecord } from '../../base/record.ts'
import { StoreUnavailable, type Key, type MetadataStore, type Version } from '../../storage/metadata-store.ts'
import { writerLeaseKey, writerLeaseRenewalKey } from '../keyspace.ts'
import { newWriterId } from './blob-writer-id.ts'

/** A lease is anyone's to end who has seen it unrenewed for so long: `LeaseWatch` does. */
export const LEASE_DURATION_MS = 10 * 60_000

const WRITER_FORMAT = 1

/** A record that must still be as it was read when a change commits. */
export interface VersionCheck {
  readonly key: Key
  readonly version: Version
}

/** The machine's clock, which may be set, and one that only tells how long something took. */
export interface LeaseClocks {
  readonly clock: Clock
  readonly monotonicMs: MonotonicClock
}

/**
 * A process's right to have blobs in the making: the record `W`, which never changes, and `w`, which each renewal writes. A commit that refers
 * to a blob of this writer checks `W`; whoever ends the lease deletes it, so that no such commit can come after. `w` holds until when the lease counts by
 * its owner's clock, for servers of earlier releases: since clocks differ, nobody else goes by it.
 */
export class WriterLease {
  readonly writerId: string
  /** To be among the checks of each commit that refers to a blob of this writer. */
  readonly check: VersionCheck
  readonly #metadata: MetadataStore
  readonly #clocks: LeaseClocks
  #renewedAt: Moment

  private constructor(metadata: MetadataStore, clocks: LeaseClocks, check: VersionCheck, writerId: string) {
    this.writerId = writerId
    this.check = check
    this.#metadata = metadata
    this.#clocks = clocks
    this.#renewedAt = momentOf(clocks)
  }

  /** Registers a new writer. */
  static async take(metadata: MetadataStore, clocks: LeaseClocks): Promise<WriterLease> {
    const writerId = newWriterId()
    const key = writerLeaseKey(writerId)
    const nowMs = clocks.clock.now()
    const outcome = await metadata.commit({
      checks: [{ key, version: null }],
      sets: [
        { key, value: encodeRecord(WRITER_FORMAT, { startedAt: nowMs }) },
        { key: writerLeaseRenewalKey(writerId), value: uint64Part(nowMs + LEASE_DURATION_MS) },
      ],
      // Who has none can remove no blobs, and read none safely.
      usesReserve: true,
    })
    const [entry] = await metadata.getMany([key])
    if (outcome !== 'ok' || !entry) throw new StoreUnavailable('the writer lease could not be registered')
    return new WriterLease(metadata, clocks, { key, version: entry.version }, writerId)
  }

  /**
   * Whether nobody can have ended it, as far as this process's clocks tell. Both are asked: the one stands still while the machine sleeps, the other may be set
   * meanwhile; in doubt the lease is renewed, which harms nothing.
   */
  get isFresh(): boolean {
    const now = momentOf(this.#clocks)
    const { wallMs, monotonicMs } = this.#renewedAt
    return (
      Math.abs(now.wallMs - wallMs) < LEASE_DURATION_MS / 2 &&
      now.monotonicMs - monotonicMs < LEASE_DURATION_MS / 2
    )
  }

  /** Lengthens the lease; false when somebody ended it. */
  async renew(): Promise<boolean> {
    const now = momentOf(this.#clocks)
    const until = now.wallMs + LEASE_DURATION_MS
    const outcome = await this.#metadata.commit({
      checks: [this.check],
      sets: [{ key: writerLeaseRenewalKey(this.writerId), value: uint64Part(until) }],
      usesReserve: true,
    })
    if (outcome === 'ok') this.#renewedAt = now
    return outcome === 'ok'
  }

  /** Ends the lease; what is in the making can no longer be committed. */
  async end(): Promise<void> {
    await this.#metadata.commit({
      checks: [this.check],
      deletes: [this.check.key, writerLeaseRenewalKey(this.writerId)],
    })
  }
}

interface Moment {
  readonly wallMs: number
  readonly monotonicMs: number
}

const momentOf = ({ clock, monotonicMs }: LeaseClocks): Moment => ({
  wallMs: clock.now(),
  monotonicMs: monotonicMs(),
})
