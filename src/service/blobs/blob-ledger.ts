import { monotonicMs, type Clock, type MonotonicClock } from '../../base/clock.ts'
import { HOUR_MS } from '../../base/milliseconds.ts'
import type { BlobEntry, BlobId, BlobStore } from '../../storage/blob-store.ts'
import { StoreUnavailable, type MetadataStore } from '../../storage/metadata-store.ts'
import { blobReferenceKey } from '../keyspace.ts'
import { BlobReclaimer } from './blob-reclaimer.ts'
import { blobIdOf, writerIdOf } from './blob-writer-id.ts'
import { BodyHolds, type BodyHold } from './body-holds.ts'
import { LeaseWatch } from './lease-watch.ts'
import { RemovalQuestions } from './removal-questions.ts'
import { sweepBlobs, type SweepReport } from './sweep.ts'
import { WriterLease, type LeaseClocks, type VersionCheck } from './writer-lease.ts'

/** Leftovers remembered from one sweep to the next; more are found by later sweeps. */
const SUSPECTS_MAX = 100_000
const REFERENCES_PER_READ = 1_000

/** What a ledger works with; the delays are for tests. */
export interface BlobLedgerOptions {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly clock: Clock
  /** For what must not depend on how a machine's clock is set. Default: the process's own. */
  readonly monotonicMs?: MonotonicClock
  /** How long a blob stays after the commit that let go of it. Default: one minute. */
  readonly removalDelayMs?: number
  /** How long this process's own unreferenced blob must have been known as such before a sweep removes it. Default: one hour. */
  readonly leftoverGraceMs?: number
}

/**
 * Who may write, refer to, read and remove blobs: one per process. The life of a blob:
 *
 *     newBlobId → BlobStore.put → commit with leaseChecks and a reference F → settle
 *     epoch → look an object up → hold → BlobStore.get … → release of the hold
 *     commit that deletes F → release → (later, when no process holds it) BlobStore.delete
 *
 * A crash after any step leaves at most a blob that nothing refers to, which {@link sweep} removes.
 */
export class BlobLedger {
  readonly #options: BlobLedgerOptions
  readonly #holds = new BodyHolds()
  readonly #clocks: LeaseClocks
  readonly #leases: LeaseWatch
  readonly #questions: RemovalQuestions
  readonly #reclaimer: BlobReclaimer
  readonly #leftoverGraceMs: number
  readonly #inTheMaking = new Set<BlobId>()
  readonly #suspects = new Map<BlobId, number>()
  #lease: WriterLease
  #count = 0

  private constructor(options: BlobLedgerOptions, lease: WriterLease) {
    this.#options = options
    this.#lease = lease
    this.#leftoverGraceMs = options.leftoverGraceMs ?? HOUR_MS
    const { metadata, blobs, clock, removalDelayMs = 60_000 } = options
    this.#clocks = clocksOf(options)
    this.#leases = new LeaseWatch(metadata, this.#clocks.monotonicMs)
    this.#questions = new RemovalQuestions(metadata)
    this.#reclaimer = new BlobReclaimer({
      blobs,
      clock,
      holds: this.#holds,
      questions: this.#questions,
      lease: () => this.#lease,
      endLeases: () => this.#leases.look(),
      delayMs: removalDelayMs,
    })
  }

  /** Registers this process as a writer. */
  static async open(options: BlobLedgerOptions): Promise<BlobLedger> {
    return new BlobLedger(options, await WriterLease.take(options.metadata, clocksOf(options)))
  }

  /** Names this process among all that write blobs, until it loses its lease. */
  get writerId(): string {
    return this.#lease.writerId
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

  /** A disk is short of room: released blobs are removed as soon as nobody reads them. */
  hurry(): void {
    this.#reclaimer.hurry()
  }

  /** Whether background work may let go of many more blobs; else it waits until those that wait were removed. */
  get hasRoom(): boolean {
    return this.#reclaimer.hasRoom
  }

  /** To be remembered before an object is looked up whose blobs are then held. */
  get epoch(): number {
    return this.#holds.epoch
  }

  /**
   * Keeps blobs for a body of this process until the hold is released, whatever happens to their object, in every process that shares the store. `epoch`:
   * that of the moment before the object was looked up; null: not known. Throws {@link BlobsGivenUp} when nothing refers to them any more.
   */
  async hold(blobIds: readonly BlobId[], epoch: number | null): Promise<BodyHold> {
    if (!this.#lease.isFresh) await this.#tryRenew()
    const hold = this.#holds.hold(blobIds)
    if (epoch === this.#holds.epoch) return hold
    try {
      if (await this.#areReferredTo(blobIds)) return hold
    } catch (error) {
      hold.release()
      throw error
    }
    hold.release()
    throw new BlobsGivenUp()
  }

  /**
   * Keeps all blobs for which `isHeld` says so, in every process that shares the store: for who reads the records of one instant and then their blobs. To be
   * called before that instant. Gives what ends it.
   */
  async holdWhere(isHeld: (id: BlobId) => boolean): Promise<() => void> {
    await this.renew()
    return this.#holds.holdWhere(isHeld)
  }

  /** To be called every minute. When the lease was lost, a new one is taken; blobs in the making can then no longer be committed. */
  async renew(): Promise<void> {
    if (await this.#lease.renew()) return
    this.#lease = await WriterLease.take(this.#options.metadata, this.#clocks)
    // While there was no lease nobody asked this process.
    this.#holds.endEpoch([])
    this.#inTheMaking.clear()
    this.#suspects.clear()
  }

  /** To be called every minute: looks which other processes renew their leases, and ends those of processes that did not for ten minutes. */
  async watchLeases(): Promise<void> {
    await this.#leases.look()
  }

  /** To be called every few seconds: removes released blobs that are due and read by nobody; gives how many. */
  reclaimDue(): Promise<number> {
    return this.#reclaimer.reclaimDue()
  }

  /** As {@link reclaimDue}, for all released blobs, due or not. */
  reclaimAll(): Promise<number> {
    return this.#reclaimer.reclaimAll()
  }

  /** To be called every few seconds: tells other processes which of the blobs that they want to remove are read here. */
  answerQuestions(): Promise<void> {
    const { check, writerId } = this.#lease
    return this.#questions.answer(check, writerId, (blobIds) => this.#holds.endEpoch(blobIds))
  }

  /** The blobs that were released and are still there. */
  get releasedBlobIds(): Iterable<BlobId> {
    return this.#reclaimer.waiting.keys()
  }

  /** Whether other processes have still to say if they read what was released. */
  get isUndecided(): boolean {
    return this.#reclaimer.isUndecided
  }

  /** To be called every hour or so: removes what crashes left. `onOrphans` is told of what it finds. */
  async sweep(
    options: {
      readonly signal?: AbortSignal
      readonly onOrphans?: (orphans: readonly BlobEntry[]) => void
    } = {},
  ): Promise<SweepReport> {
    const { metadata, blobs } = this.#options
    const { signal, onOrphans } = options
    return await sweepBlobs({
      metadata,
      blobs,
      endLeases: () => this.#leases.look(),
      isLeftover: (blobId) => this.#isLeftover(blobId),
      remove: async (orphans) => {
        onOrphans?.(orphans)
        this.#reclaimer.release(
          orphans.map(({ id }) => id),
          0,
        )
        await this.#reclaimer.reclaimDue()
        return this.#reclaimer.hasRoom
      },
      ...(signal && { signal }),
    })
  }

  /** Removes what waits, unless another process might read it, and ends the lease. Nothing may be in the making. */
  async close(): Promise<void> {
    await this.#reclaimer.drain()
    await this.#lease.end()
  }

  async #tryRenew(): Promise<void> {
    try {
      await this.renew()
    } catch (error) {
      // Reads go on where a full disk takes no writes; nobody else can end the lease there either.
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  async #areReferredTo(blobIds: readonly BlobId[]): Promise<boolean> {
    for (let at = 0; at < blobIds.length; at += REFERENCES_PER_READ) {
      const keys = blobIds.slice(at, at + REFERENCES_PER_READ).map(blobReferenceKey)
      const entries = await this.#options.metadata.getMany(keys)
      if (entries.includes(null)) return false
    }
    return true
  }

  /** Of this writer's unreferenced blobs: not in the making, and known for long enough. */
  #isLeftover(blobId: BlobId): boolean {
    if (writerIdOf(blobId) !== this.#lease.writerId) return false
    if (this.#inTheMaking.has(blobId)) return false
    const nowMs = this.#clocks.monotonicMs()
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

/** The object of these blobs was replaced or removed between its look-up and the first byte. */
export class BlobsGivenUp extends Error {
  override readonly name = 'BlobsGivenUp'
}

const clocksOf = (options: BlobLedgerOptions): LeaseClocks => ({ monotonicMs, ...options })

const leaseLost = () => new StoreUnavailable('this process lost its writer lease; what it wrote may be gone')
