import type { Clock } from '../../base/clock.ts'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import { StoreUnavailable, type MetadataStore } from '../../storage/metadata-store.ts'
import { BlobReclaimer } from './blob-reclaimer.ts'
import { blobIdOf, writerIdOf } from './blob-writer-id.ts'
import { sweepBlobs, type SweepReport } from './sweep.ts'
import { WriterLease, type VersionCheck } from './writer-lease.ts'

/** Leftovers remembered from one sweep to the next; more are found by later sweeps. */
const SUSPECTS_MAX = 100_000

interface BlobLedgerOptions {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly clock: Clock
  /** How long a blob stays after the commit that let go of it, for readers in other processes. Default: one minute. */
  readonly removalDelayMs?: number
  /** How long this process's own unreferenced blob must have been known as such before a sweep removes it. Default: one hour. */
  readonly leftoverGraceMs?: number
}

/**
 * Who may write, refer to and remove blobs: one per process. The life of a blob:
 *
 *     newBlobId → BlobStore.put → commit with leaseChecks and a reference F → settle
 *     commit that deletes F → release → (later) BlobStore.delete
 *
 * A crash after any step leaves at most a blob that nothing refers to, which {@link sweep} removes.
 */
export class BlobLedger {
  readonly #options: BlobLedgerOptions
  readonly #reclaimer: BlobReclaimer
  readonly #leftoverGraceMs: number
  readonly #inTheMaking = new Set<BlobId>()
  readonly #suspects = new Map<BlobId, number>()
  #lease: WriterLease
  #count = 0

  private constructor(options: BlobLedgerOptions, lease: WriterLease) {
    this.#options = options
    this.#lease = lease
    this.#leftoverGraceMs = options.leftoverGraceMs ?? 3_600_000
    this.#reclaimer = new BlobReclaimer(options.blobs, options.clock, options.removalDelayMs ?? 60_000)
  }

  /** Registers this process as a writer. */
  static async open(options: BlobLedgerOptions): Promise<BlobLedger> {
    return new BlobLedger(options, await WriterLease.take(options.metadata, options.clock))
  }

  /** A new id for a blob that this process is about to put. It must come to {@link settle} or {@link release} in the end. */
  newBlobId(): BlobId {
    const blobId = blobIdOf(this.#lease.writerId, this.#count++)
    this.#inTheMaking.add(blobId)
    return blobId
  }

  /**
   * Checks for a commit that makes the first reference to these new blobs. Throws StoreUnavailable when this process lost the lease
   * under which they were written: they may be gone.
   */
  leaseChecks(newBlobIds: readonly BlobId[]): VersionCheck[] {
    if (newBlobIds.length === 0) return []
    if (newBlobIds.some((id) => writerIdOf(id) !== this.#lease.writerId)) throw leaseLost()
    return [this.#lease.check]
  }

  /** After a commit with {@link leaseChecks} conflicted: throws StoreUnavailable when the lease was the reason. */
  async confirmLease(newBlobIds: readonly BlobId[]): Promise<void> {
    if (newBlobIds.length === 0) return
    await this.renew()
    this.leaseChecks(newBlobIds)
  }

  /** The commit that was to refer to these blobs is over, done or with an unknown outcome. */
  settle(blobIds: readonly BlobId[]): void {
    for (const blobId of blobIds) this.#inTheMaking.delete(blobId)
  }

  /** Nothing refers to these blobs (any more): they are removed after the delay. */
  release(blobIds: readonly BlobId[]): void {
    this.settle(blobIds)
    this.#reclaimer.release(blobIds)
  }

  /** Whether background work may let go of many more blobs; else it waits until those that wait were removed. */
  get hasRoom(): boolean {
    return this.#reclaimer.hasRoom
  }

  /** Keeps blobs for a reader in this process; call what it gives once, when the reader has finished. */
  pin(blobIds: readonly BlobId[]): () => void {
    return this.#reclaimer.pin(blobIds)
  }

  /** To be called every minute. When the lease was lost, a new one is taken; blobs in the making can then no longer be committed. */
  async renew(): Promise<void> {
    if (await this.#lease.renew()) return
    this.#lease = await WriterLease.take(this.#options.metadata, this.#options.clock)
    this.#inTheMaking.clear()
    this.#suspects.clear()
  }

  /** To be called every few seconds: removes released blobs that are due; gives how many. */
  reclaimDue(): Promise<number> {
    return this.#reclaimer.reclaimDue()
  }

  /** To be called every hour or so: removes what crashes left. */
  async sweep(signal?: AbortSignal): Promise<SweepReport> {
    const { metadata, blobs, clock } = this.#options
    const isLeftover = (blobId: BlobId) => this.#isLeftover(blobId)
    return sweepBlobs({ metadata, blobs, clock, isLeftover, ...(signal && { signal }) })
  }

  /** Removes what waits and ends the lease. Nothing may be in the making. */
  async close(): Promise<void> {
    await this.#reclaimer.drain()
    await this.#lease.end()
  }

  /** Of this writer's unreferenced blobs: not in the making, not read here, and known for long enough. */
  #isLeftover(blobId: BlobId): boolean {
    if (writerIdOf(blobId) !== this.#lease.writerId) return false
    if (this.#inTheMaking.has(blobId) || this.#reclaimer.isPinned(blobId)) return false
    const nowMs = this.#options.clock.now()
    const since = this.#suspects.get(blobId)
    if (since === undefined) {
      if (this.#suspects.size >= SUSPECTS_MAX) this.#suspects.clear()
      this.#suspects.set(blobId, nowMs)
      return false
    }
    if (nowMs - since < this.#leftoverGraceMs) return false
    this.#suspects.delete(blobId)
    return true
  }
}

const leaseLost = () => new StoreUnavailable('this process lost its writer lease; what it wrote may be gone')
