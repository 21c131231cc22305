import type { Entry, Key, MetadataStore, ScanRange, Version } from '../../storage/metadata-store.ts'

/** What is read of a store by who decides on a change. */
export type ReadStore = Pick<MetadataStore, 'getMany' | 'scan'>

/** A row as a commit will leave it. */
interface PendingRow {
  readonly key: Buffer
  /** Null: the row goes. */
  readonly value: Buffer | null
  /** Stands for the version that the row gets; null when it goes. */
  readonly version: Version | null
}

/** Numbers the versions of all rows that were ever pending in this process: none is taken for another one, or for one of a store. */
let versionCount = 0

/** A metadata store as it is with rows that are about to be committed. It is for reading, by who decides on a further change. */
export class PendingRows implements MetadataStore {
  readonly #store: ReadStore
  readonly #rows = new Map<string, PendingRow>()

  constructor(store: ReadStore) {
    this.#store = store
  }

  get size(): number {
    return this.#rows.size
  }

  all(): Iterable<PendingRow> {
    return this.#rows.values()
  }

  get(key: Key): PendingRow | undefined {
    return this.#rows.get(bufferOf(key).toString('latin1'))
  }

  /** Those with a key from `start` on and below `end`. */
  within(start: Key, end: Key): PendingRow[] {
    if (this.#rows.size === 0) return []
    return [...this.#rows.values()].filter(({ key }) => key.compare(start) >= 0 && key.compare(end) < 0)
  }

  /** `value` null: the row goes. */
  put(key: Key, value: Uint8Array | null): void {
    const row = {
      key: bufferOf(key),
      value: value && bufferOf(value),
      version: value && `pending ${++versionCount}`,
    }
    this.#rows.set(row.key.toString('latin1'), row)
  }

  async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    const pending = keys.map((key) => this.get(key))
    const others = keys.filter((_key, at) => !pending[at])
    const read = others.length === 0 ? [] : await this.#store.getMany(others)
    let next = 0
    return pending.map((row) => (row ? entryOf(row) : (read[next++] ?? null)))
  }

  async scan(range: ScanRange): Promise<Entry[]> {
    const { start, end, limit, reverse = false } = range
    const pending = this.within(start, end)
    if (pending.length === 0) return await this.#store.scan(range)
    // Each pending row takes away one of these at most.
    const read = await this.#store.scan({ ...range, limit: limit + pending.length })
    const entries = read.filter(({ key }) => !this.get(key))
    for (const row of pending) {
      const entry = entryOf(row, range.keysOnly ? 0 : range.valueBytesMax)
      if (entry) entries.push(entry)
    }
    entries.sort((left, right) => (reverse ? -1 : 1) * left.key.compare(right.key))
    return entries.slice(0, limit)
  }

  scanDelimited(): never {
    throw notForThis()
  }

  snapshot(): never {
    throw notForThis()
  }

  commit(): never {
    throw notForThis()
  }

  close(): never {
    throw notForThis()
  }
}

function entryOf({ key, value, version }: PendingRow, valueBytesMax?: number): Entry | null {
  if (value === null || version === null) return null
  return { key, value: valueBytesMax === undefined ? value : value.subarray(0, valueBytesMax), version }
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const notForThis = () =>
  new Error('who decides on a change of one record reads rows and ranges, and nothing else')
