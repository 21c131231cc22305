import { assertChange } from '../change-limits.ts'
import { collectDelimited } from '../delimited-scan.ts'
import { DiskReserve } from '../disk-reserve.ts'
import {
  StoreUnavailable,
  type Change,
  type CommitOutcome,
  type Compaction,
  type CompactOptions,
  type DelimitedScanRange,
  type Entry,
  type Key,
  type ListItem,
  type MetadataSnapshot,
  type MetadataStore,
  type ScanRange,
  type StoreSpace,
  type UnreadableKeys,
} from '../metadata-store.ts'
import { CommitQueue } from './commit-queue.ts'
import { compact } from './compaction.ts'
import { LmdbCursor } from './cursor.ts'
import { FileRoom } from './file-room.ts'
import { LiveEnvironment, type OnUnusable } from './live-environment.ts'
import { ReadGuard } from './read-guard.ts'
import { RowReader, type Reading } from './row-reader.ts'
import { scanRange } from './scan-range.ts'
import { LmdbSnapshot } from './snapshot.ts'
import { spaceOf } from './space.ts'
import { WriteState } from './write-state.ts'

/** Values are read to their end, in the newest state. */
const WHOLE: Reading = {}
/** How often it is looked whether a disk that took no writes takes them again, and whether the reserve is whole. */
const LOOK_INTERVAL_MS = 1_000

/**
 * The embedded metadata store: one LMDB file that any number of processes on this machine may have open at once. Not for network file
 * systems. Reads are in-process reads of mapped memory; a commit resolves when the disk has it.
 */
export class LmdbMetadataStore implements MetadataStore {
  readonly #live: LiveEnvironment
  readonly #guard: ReadGuard
  readonly #rows: RowReader
  readonly #room: FileRoom
  readonly #state: WriteState
  readonly #commits: CommitQueue
  readonly #look: NodeJS.Timeout
  #isClosed = false

  private constructor(live: LiveEnvironment, reserveBytes: number) {
    this.#live = live
    this.#guard = new ReadGuard(live.folder)
    if (live.hidden.format) this.#guard.noteHidden(live.hidden.format)
    this.#rows = new RowReader(live.folder, this.#guard)
    this.#room = new FileRoom()
    this.#state = new WriteState(live, this.#room, new DiskReserve(live.folder, reserveBytes))
    this.#commits = new CommitQueue(live, this.#state, { room: this.#room, rows: this.#rows })
    this.#look = setInterval(() => void this.#watch(), LOOK_INTERVAL_MS)
    this.#look.unref()
  }

  /**
   * Opens the store in `folder`, making both when absent. `reserveBytes`: room that is kept on the disk for deletions. `onUnusable` is told when the memory of
   * this process may be damaged, so that another one has to take its place. Throws StoreOpenError, which names the path and the cause.
   */
  static open(
    folder: string,
    {
      reserveBytes = 0,
      onUnusable,
    }: { readonly reserveBytes?: number; readonly onUnusable?: OnUnusable } = {},
  ): LmdbMetadataStore {
    return new LmdbMetadataStore(new LiveEnvironment(folder, onUnusable), reserveBytes)
  }

  getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    return this.#live.read((environment) => keys.map((key) => this.#rows.get(environment, key, WHOLE)))
  }

  stateMark(): object | null {
    return this.#live.stateMark()
  }

  // A scan runs in one go, without an await, on one read transaction: it sees one state of the store.
  async scan(range: ScanRange): Promise<Entry[]> {
    return await this.#live.read((environment) => scanRange(environment, range, { rows: this.#rows }))
  }

  async snapshot(): Promise<MetadataSnapshot> {
    // Where it turns out to be of a file that no longer counts, it ends with that file.
    return await this.#live.read(() => new LmdbSnapshot(this.#live, this.#rows))
  }

  scanDelimited(range: DelimitedScanRange): Promise<ListItem[]> {
    return this.#live.read((environment) => {
      const cursor = new LmdbCursor(environment, this.#rows, range)
      try {
        return collectDelimited(range, cursor)
      } finally {
        cursor.close()
      }
    })
  }

  async commit(change: Change): Promise<CommitOutcome> {
    if (this.#isClosed) throw new StoreUnavailable('the metadata store is closed')
    assertChange(change)
    return await this.#commits.commit(change)
  }

  refusal(): StoreUnavailable | null {
    return this.#state.refusalOf(false, 0)
  }

  unreadable(): readonly UnreadableKeys[] {
    return this.#guard.hidden
  }

  async space(): Promise<StoreSpace> {
    return await this.#live.read(() => spaceOf(this.#live.opened))
  }

  async compact(options: CompactOptions = {}): Promise<Compaction> {
    if (this.#isClosed) throw new StoreUnavailable('the metadata store is closed')
    return await compact({ live: this.#live, commits: this.#commits, rows: this.#rows, options })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    clearInterval(this.#look)
    await this.#commits.drain()
    await this.#live.close()
    this.#guard.close()
  }

  /** Without requests too the store is to notice that its file was replaced, that its disk takes writes again, and that another process had to touch the reserve. */
  async #watch(): Promise<void> {
    this.#guard.look()
    // Whoever keeps a file open that no longer counts keeps its room on the disk.
    await this.#live.follow()
    this.#live.removeLeftovers()
    await this.#state.watchReserve()
    if (!this.#isClosed && !this.#state.isWriting) await this.#commits.look()
  }
}
