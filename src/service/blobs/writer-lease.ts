import type { Clock } from '../../base/clock.ts'
import { readTextPart, uint64Part } from '../../base/key.ts'
import { encodeRecord } from '../../base/record.ts'
import { StoreUnavailable, type Key, type MetadataStore, type Version } from '../../storage/metadata-store.ts'
import { writerLeaseKey, writerLeaseRenewalKey, writerLeasesRange } from '../keyspace.ts'
import { newWriterId } from './blob-writer-id.ts'

/** A lease not renewed for so long is anyone's to end. Far above the clock differences between machines. */
export const LEASE_DURATION_MS = 10 * 60_000

const WRITER_FORMAT = 1

/** A record that must still be as it was read when a change commits. */
export interface VersionCheck {
  readonly key: Key
  readonly version: Version
}

/**
 * A process's right to have blobs in the making: the record `W`, which never changes, and `w`, until when it counts. A commit that refers
 * to a blob of this writer checks `W`; whoever ends the lease deletes `W` first, so that no such commit can come after.
 */
export class WriterLease {
  readonly writerId: string
  /** To be among the checks of each commit that refers to a blob of this writer. */
  readonly check: VersionCheck
  readonly #metadata: MetadataStore
  readonly #clock: Clock
  #renewedAt: number

  private constructor(metadata: MetadataStore, clock: Clock, writerId: string, version: Version) {
    this.writerId = writerId
    this.check = { key: writerLeaseKey(writerId), version }
    this.#metadata = metadata
    this.#clock = clock
    this.#renewedAt = clock.now()
  }

  /** Registers a new writer. */
  static async take(metadata: MetadataStore, clock: Clock): Promise<WriterLease> {
    const writerId = newWriterId()
    const key = writerLeaseKey(writerId)
    const outcome = await metadata.commit({
      checks: [{ key, version: null }],
      sets: [
        { key, value: encodeRecord(WRITER_FORMAT, { startedAt: clock.now() }) },
        { key: writerLeaseRenewalKey(writerId), value: uint64Part(clock.now() + LEASE_DURATION_MS) },
      ],
      // Who has none can remove no blobs, and read none safely.
      usesReserve: true,
    })
    const [entry] = await metadata.getMany([key])
    if (outcome !== 'ok' || !entry) throw new StoreUnavailable('the writer lease could not be registered')
    return new WriterLease(metadata, clock, writerId, entry.version)
  }

  /** Whether nobody can have ended it, as far as this process's clock tells. */
  get isFresh(): boolean {
    return Math.abs(this.#clock.now() - this.#renewedAt) < LEASE_DURATION_MS / 2
  }

  /** Lengthens the lease; false when somebody ended it. */
  async renew(): Promise<boolean> {
    const nowMs = this.#clock.now()
    const until = nowMs + LEASE_DURATION_MS
    const outcome = await this.#metadata.commit({
      checks: [this.check],
      sets: [{ key: writerLeaseRenewalKey(this.writerId), value: uint64Part(until) }],
      usesReserve: true,
    })
    if (outcome === 'ok') this.#renewedAt = nowMs
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

/** How many leases run, of processes that write or read blobs of the store. */
export async function liveLeases(metadata: MetadataStore, nowMs: number): Promise<number> {
  const { start, end } = writerLeasesRange()
  const leases = await metadata.scan({ start, end, limit: LEASES_SEEN_MAX, keysOnly: true })
  const renewals = await metadata.getMany(
    leases.map(({ key }) => writerLeaseRenewalKey(readTextPart(key, 1).text)),
  )
  return renewals.filter((renewal) => renewal && Number(renewal.value.readBigUInt64BE(0)) > nowMs).length
}

const LEASES_SEEN_MAX = 1_000
