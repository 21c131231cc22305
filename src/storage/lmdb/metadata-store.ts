import { getLastVersion } from 'lmdb'
import { assertChange } from '../change-limits.ts'
import { collectDelimited } from '../delimited-scan.ts'
import {
  KEY_BYTES_MAX,
  StoreUnavailable,
  type Change,
  type CommitOutcome,
  type DelimitedScanRange,
  type Entry,
  type Key,
  type ListItem,
  type MetadataStore,
  type ScanRange,
} from '../metadata-store.ts'
import { boundOf, bufferOf, copyOf } from './buffers.ts'
import { CommitQueue } from './commit-queue.ts'
import { LmdbCursor } from './cursor.ts'
import { openEnvironment, type Environment } from './environment.ts'

const EMPTY = Buffer.alloc(0)

/**
 * The embedded metadata store: one LMDB file that any number of processes on this machine may have open at once. Not for network file
 * systems. Reads are in-process reads of mapped memory; a commit resolves when the disk has it.
 */
export class LmdbMetadataStore implements MetadataStore {
  readonly #environment: Environment
  readonly #commits: CommitQueue
  #isClosed = false

  private constructor(environment: Environment) {
    this.#environment = environment
    this.#commits = new CommitQueue(environment)
  }

  /** Opens the store in `folder`, making both when absent. Throws StoreOpenError, which names the path and the cause. */
  static open(folder: string): LmdbMetadataStore {
    return new LmdbMetadataStore(openEnvironment(folder))
  }

  async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    this.#startReading()
    const entries: (Entry | null)[] = []
    for (const wanted of keys) {
      const key = bufferOf(wanted)
      const value = key.length > KEY_BYTES_MAX ? undefined : this.#environment.getBinaryFast(key)
      entries.push(value ? { key, value: copyOf(value), version: getLastVersion() } : null)
    }
    return entries
  }

  // A scan runs in one go, without an await, on one read transaction: it sees one state of the store.
  async scan(range: ScanRange): Promise<Entry[]> {
    const { limit, reverse = false, keysOnly = false, valueBytesMax } = range
    if (Buffer.compare(range.start, range.end) >= 0) return []
    this.#startReading()
    const start = boundOf(range.start)
    const end = boundOf(range.end)
    const bounds = reverse
      ? { start: end, exclusiveStart: true, end: start, inclusiveEnd: true }
      : { start, end }
    const found: Entry[] = []
    if (keysOnly) {
      for (const key of this.#environment.getKeys({ ...bounds, reverse, limit })) {
        // Only a read of the value tells the engine the version; this one allocates nothing.
        this.#environment.getBinaryFast(key)
        found.push({ key, value: EMPTY, version: getLastVersion() })
      }
      return found
    }
    const options = { ...bounds, reverse, limit, versions: true }
    for (const { key, value, version = 0 } of this.#environment.getRange(options))
      found.push({ key, value: valueOf(value, valueBytesMax), version })
    return found
  }

  async scanDelimited(range: DelimitedScanRange): Promise<ListItem[]> {
    this.#startReading()
    const cursor = new LmdbCursor(this.#environment, range.end, range.valueBytesMax)
    try {
      return collectDelimited(range, cursor)
    } finally {
      cursor.close()
    }
  }

  async commit(change: Change): Promise<CommitOutcome> {
    if (this.#isClosed) throw closedError()
    assertChange(change)
    return this.#commits.commit(change)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#commits.drain()
    await this.#environment.close()
  }

  /** Lets go of the read transaction that the engine would use again within a turn: another process may have committed since. */
  #startReading(): void {
    if (this.#isClosed) throw closedError()
    this.#environment.resetReadTxn()
  }
}

/** The engine made `value` for this read alone; a cut one is copied, so that it does not keep the whole alive. */
function valueOf(value: Buffer, valueBytesMax: number | undefined): Buffer {
  if (valueBytesMax !== undefined && value.length > valueBytesMax) return copyOf(value, valueBytesMax)
  return Buffer.from(value.buffer, value.byteOffset, value.length)
}

const closedError = () => new StoreUnavailable('the metadata store is closed')
