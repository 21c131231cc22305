import { assertChange } from '../change-limits.ts'
import { addToCounterRow } from '../counter-row.ts'
import { collectDelimited, type EntryCursor } from '../delimited-scan.ts'
import {
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
} from '../metadata-store.ts'
import { MemoryRoom } from './memory-room.ts'
import { SortedMap } from './sorted-map.ts'

/** A value, and which state of its entry it is. */
export interface Stored {
  readonly value: Buffer
  readonly version: number
}

const EMPTY = Buffer.alloc(0)

/** All that a store holds at a moment: it never changes. */
export interface MemoryMetadata {
  readonly entries: SortedMap<Buffer, Stored>
  readonly lastVersion: number
}

/** A whole metadata store in this process's memory: for tests and throw-away servers. Nothing outlives the process. */
export class MemoryMetadataStore implements MetadataStore {
  readonly #entries: SortedMap<Buffer, Stored>
  readonly #room: MemoryRoom
  #lastVersion: number
  #isClosed = false

  /** `from`: what the store holds at first, already counted in `room`; nothing when absent. */
  constructor(from?: MemoryMetadata, room = new MemoryRoom()) {
    this.#entries = from?.entries.copy() ?? new SortedMap((a, b) => a.compare(b))
    this.#lastVersion = from?.lastVersion ?? 0
    this.#room = room
  }

  /** All that it holds now. */
  content(): MemoryMetadata {
    return { entries: this.#entries.copy(), lastVersion: this.#lastVersion }
  }

  async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    this.#assertOpen()
    return keys.map((key) => {
      const stored = this.#entries.get(viewOf(key))
      return stored ? entryOf(Buffer.from(key), stored, undefined) : null
    })
  }

  // Each scan runs in one go, without an await: it sees one state of the store.
  async scan(range: ScanRange): Promise<Entry[]> {
    this.#assertOpen()
    return scanOf(this.#entries, range)
  }

  async scanDelimited(range: DelimitedScanRange): Promise<ListItem[]> {
    this.#assertOpen()
    return collectDelimited(range, new MemoryCursor(this.#entries, range.valueBytesMax))
  }

  async snapshot(): Promise<MetadataSnapshot> {
    this.#assertOpen()
    // Values never change in place, so that a copy of the map is a state for ever.
    const entries = this.#entries.copy()
    return { scan: async (range) => scanOf(entries, range), close: async () => undefined }
  }

  async commit(change: Change): Promise<CommitOutcome> {
    this.#assertOpen()
    assertChange(change)
    for (const { key, version } of change.checks ?? []) {
      if ((this.#entries.get(viewOf(key))?.version ?? null) !== version) return 'conflict'
    }
    for (const { start, end } of change.emptyRanges ?? []) {
      const first = this.#entries.ascendingFrom(viewOf(start)).next()
      if (!first.done && first.value[0].compare(end) < 0) return 'not-empty'
    }
    const removes = (change.deletes?.length ?? 0) > 0
    if (!(change.usesReserve ?? removes)) this.#room.check(bytesOf(change))
    const version = ++this.#lastVersion
    for (const key of change.deletes ?? []) this.#delete(viewOf(key))
    for (const { key, value } of change.sets ?? []) this.#set(key, Buffer.from(value), version)
    for (const { key, amounts } of change.adds ?? []) {
      const row = this.#entries.get(viewOf(key))?.value ?? null
      this.#set(key, addToCounterRow(row, amounts), version)
    }
    return 'ok'
  }

  #delete(key: Buffer): void {
    this.#room.take(-this.#sizeOf(key))
    this.#entries.delete(key)
  }

  #set(key: Key, value: Buffer, version: number): void {
    this.#room.take(key.length + value.length - this.#sizeOf(viewOf(key)))
    this.#entries.set(Buffer.from(key), { value, version })
  }

  #sizeOf(key: Buffer): number {
    const stored = this.#entries.get(key)
    return stored ? key.length + stored.value.length : 0
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('the metadata store is closed')
  }
}

const bytesOf = ({ sets = [] }: Change): number =>
  sets.reduce((sum, { key, value }) => sum + key.length + value.length, 0)

function scanOf(entries: SortedMap<Buffer, Stored>, range: ScanRange): Entry[] {
  const { limit, reverse = false, keysOnly = false } = range
  const start = viewOf(range.start)
  const end = viewOf(range.end)
  const valueBytesMax = keysOnly ? 0 : range.valueBytesMax
  const found: Entry[] = []
  const from = reverse ? entries.descendingFrom(end) : entries.ascendingFrom(start)
  for (const [key, stored] of from) {
    if (found.length >= limit || (reverse ? key.compare(start) < 0 : key.compare(end) >= 0)) break
    found.push(entryOf(Buffer.from(key), stored, valueBytesMax))
  }
  return found
}

class MemoryCursor implements EntryCursor {
  readonly #entries: SortedMap<Buffer, Stored>
  readonly #valueBytesMax: number | undefined
  #iterator: Iterator<[Buffer, Stored]> | null = null
  #current: [Buffer, Stored] | null = null

  constructor(entries: SortedMap<Buffer, Stored>, valueBytesMax: number | undefined) {
    this.#entries = entries
    this.#valueBytesMax = valueBytesMax
  }

  seek(key: Key): Buffer | null {
    this.#iterator = this.#entries.ascendingFrom(viewOf(key))
    return this.next()
  }

  next(): Buffer | null {
    const result = this.#iterator?.next()
    this.#current = !result || result.done ? null : result.value
    // A copy: the caller may change what it gets.
    return this.#current && Buffer.from(this.#current[0])
  }

  entry(): Entry {
    if (!this.#current) throw new Error('the cursor is not at an entry')
    const [key, stored] = this.#current
    return entryOf(Buffer.from(key), stored, this.#valueBytesMax)
  }
}

/** A copy of the value: it belongs to the caller. */
function entryOf(key: Buffer, stored: Stored, valueBytesMax: number | undefined): Entry {
  const { value, version } = stored
  const shown = valueBytesMax === undefined ? value : value.subarray(0, valueBytesMax)
  return { key, value: shown.length === 0 ? EMPTY : Buffer.from(shown), version }
}

function viewOf(key: Key): Buffer {
  return Buffer.isBuffer(key) ? key : Buffer.from(key.buffer, key.byteOffset, key.byteLength)
}
