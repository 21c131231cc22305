import { deserialize, serialize } from 'node:v8'
import { crc32 } from '../../src/base/crc-32.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import {
  CommitUnknown,
  StoreFull,
  StoreReadOnly,
  StoreUnavailable,
  type Change,
  type CommitOutcome,
  type DelimitedScanRange,
  type Entry,
  type Key,
  type ListItem,
  type MetadataSnapshot,
  type MetadataStore,
  type ScanRange,
} from '../../src/storage/metadata-store.ts'
import type { SimulatedDisk } from './disk.ts'
import type { SimulatedProcess } from './simulated-process.ts'

const PATH = '/metadata'
const HEADER_BYTES = 8
/** Room beyond the disk's that changes which remove something may use. */
const RESERVE_BYTES = 4 * 1024 * 1024
const FAILURES_MAX = 2

/**
 * What LMDB promises, on a simulated disk: any number of processes of one machine, one writer at a time; a commit is synced, then seen, then answered; after a
 * failed one nobody knows whether it happened until the file was opened again; when the next fails too the store is read only until the disk takes writes.
 * Its file is a journal of checksummed changes, which is enough to be torn.
 */
export class JournalFile {
  readonly disk: SimulatedDisk
  entries = new MemoryMetadataStore()
  /** Where the last commit that counts ends. */
  #end = 0
  #holder: SimulatedProcess | null = null
  #waiting: { readonly process: SimulatedProcess; readonly begin: () => void }[] = []
  #isInDoubt = false
  #failures = 0
  /** Planted faults of the engine itself: what the simulation is to find. */
  fault: 'none' | 'answers-before-sync' | 'forgets-checks' = 'none'

  constructor(disk: SimulatedDisk) {
    this.disk = disk
  }

  get isReadOnly(): boolean {
    return this.#failures >= FAILURES_MAX
  }

  /** Opens the file after a start of the machine: what is whole in it counts. */
  async open(): Promise<void> {
    if (!this.disk.exists(PATH)) this.disk.create(PATH)
    this.entries = new MemoryMetadataStore()
    this.#end = 0
    this.#holder = null
    this.#waiting = []
    await this.#takeWhole()
    this.#cutRest()
    this.disk.syncFolder('')
    this.#isInDoubt = false
    this.#failures = 0
  }

  /** The next writer has its turn when one has ended. */
  processEnded(process: SimulatedProcess): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.process !== process)
    if (this.#holder !== process) return
    this.#isInDoubt = true
    this.#next()
  }

  async commit(process: SimulatedProcess, change: Change): Promise<CommitOutcome> {
    if (this.#holder) await new Promise<void>((begin) => this.#waiting.push({ process, begin }))
    else this.#holder = process
    try {
      return await this.#commitAlone(process, change)
    } finally {
      if (process.isAlive) this.#next()
    }
  }

  #next(): void {
    const next = this.#waiting.shift()
    this.#holder = next?.process ?? null
    next?.begin()
  }

  async #commitAlone(process: SimulatedProcess, change: Change): Promise<CommitOutcome> {
    await this.#settleDoubt(process)
    const outcome = await this.#outcomeOf(change)
    if (outcome !== 'ok') return outcome
    const record = recordOf(change)
    const { disk } = this
    const { timeline } = process
    try {
      await process.after(timeline.delayMs(2), 'write journal', () => {
        const reserve = (change.usesReserve ?? (change.deletes ?? []).length > 0) ? RESERVE_BYTES : 0
        disk.write(PATH, disk.open(PATH), this.#end, record, reserve)
      })
      if (this.fault === 'answers-before-sync') {
        void process
          .after(timeline.delayMs(40), null, () => disk.sync(PATH, disk.open(PATH)))
          .catch(() => undefined)
      } else {
        await process.after(timeline.delayMs(10), 'sync journal', () => disk.sync(PATH, disk.open(PATH)))
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
        throw new StoreFull(1, { cause: error })
      this.#isInDoubt = true
      this.#failures++
      throw new CommitUnknown('the metadata store could not commit', { cause: error })
    }
    this.#failures = 0
    this.#end += record.length
    await this.entries.commit({ ...change, checks: [], emptyRanges: [] })
    return 'ok'
  }

  /** After a commit that failed, or a writer that ended in one: the file decides what counts. */
  async #settleDoubt(process: SimulatedProcess): Promise<void> {
    if (!this.#isInDoubt) return
    try {
      await process.after(process.timeline.delayMs(5), 'reopen journal', () => {
        // The engine may find the commit in the file, or not: both are allowed.
        if (process.timeline.chance(50)) this.#writeRestAgain()
        else this.#cutRest()
      })
      await this.#takeWhole()
      this.#isInDoubt = false
      this.#failures = 0
    } catch (error) {
      if (this.isReadOnly) throw new StoreReadOnly('the disk reported an error (EIO)', { cause: error })
      this.#failures++
      throw new StoreUnavailable('the journal could not be opened again', { cause: error })
    }
  }

  async #outcomeOf({ checks = [], emptyRanges = [] }: Change): Promise<CommitOutcome> {
    const found = await this.entries.getMany(checks.map(({ key }) => key))
    if (
      this.fault !== 'forgets-checks' &&
      checks.some(({ version }, at) => (found[at]?.version ?? null) !== version)
    )
      return 'conflict'
    for (const range of emptyRanges)
      if ((await this.entries.scan({ ...range, limit: 1 })).length > 0) return 'not-empty'
    return 'ok'
  }

  async #takeWhole(): Promise<void> {
    const { bytes } = this.disk.open(PATH).seen
    for (;;) {
      const record = readRecord(bytes, this.#end)
      if (!record) return
      await this.entries.commit(record.change)
      this.#end = record.end
    }
  }

  /** What a sync failed for is not on the disk before it was written again. */
  #writeRestAgain(): void {
    const file = this.disk.open(PATH)
    this.disk.write(PATH, file, this.#end, Buffer.from(file.seen.bytes.subarray(this.#end)), RESERVE_BYTES)
    this.disk.sync(PATH, file)
  }

  #cutRest(): void {
    const file = this.disk.open(PATH)
    this.disk.cut(PATH, file, this.#end)
    this.disk.sync(PATH, file)
  }
}

function recordOf({ sets = [], deletes = [], adds = [] }: Change): Buffer {
  const body = serialize({ sets, deletes, adds })
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(body.length, 0)
  header.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([header, body])
}

function readRecord(bytes: Buffer, at: number): { readonly change: Change; readonly end: number } | null {
  if (at + HEADER_BYTES > bytes.length) return null
  const start = at + HEADER_BYTES
  const end = start + bytes.readUInt32BE(at)
  if (end === start || end > bytes.length) return null
  const body = bytes.subarray(start, end)
  if (crc32(body) !== bytes.readUInt32BE(at + 4)) return null
  return { change: deserialize(body) as Change, end }
}

/** The store as one process sees it. */
export class JournalStore implements MetadataStore {
  readonly #file: JournalFile
  readonly #process: SimulatedProcess

  constructor(file: JournalFile, process: SimulatedProcess) {
    this.#file = file
    this.#process = process
  }

  getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    return this.#read((entries) => entries.getMany(keys))
  }

  scan(range: ScanRange): Promise<Entry[]> {
    return this.#read((entries) => entries.scan(range))
  }

  scanDelimited(range: DelimitedScanRange): Promise<ListItem[]> {
    return this.#read((entries) => entries.scanDelimited(range))
  }

  snapshot(): Promise<MetadataSnapshot> {
    return this.#read((entries) => entries.snapshot())
  }

  async commit(change: Change): Promise<CommitOutcome> {
    return await this.#process.whileAlive(() => this.#file.commit(this.#process, change))
  }

  refusal(): StoreUnavailable | null {
    return this.#file.isReadOnly ? new StoreReadOnly('the disk reported an error (EIO)') : null
  }

  async close(): Promise<void> {
    // Others may have it open.
  }

  async #read<T>(read: (entries: MemoryMetadataStore) => Promise<T>): Promise<T> {
    // The engine reads mapped memory, at once or as soon as its turn comes.
    const { timeline } = this.#process
    if (timeline.chance(50)) await this.#process.after(timeline.delayMs(1), null, () => undefined)
    return await read(this.#file.entries)
  }
}
