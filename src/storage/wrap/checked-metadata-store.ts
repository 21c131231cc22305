import {
  DamagedRecord,
  VALUE_BYTES_MAX,
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
import { MetadataStoreWrapper } from './metadata-store-wrapper.ts'
import {
  beginningOfValue,
  checkedValue,
  faultOf,
  faultOfHead,
  HEAD_BYTES,
  hasSum,
  SUM_BYTES,
  withSum,
} from './value-sum.ts'

interface CheckedStoreOptions {
  /** Where the store lies, for whoever is told of damage; no secret. */
  readonly place: string
  /** Keys whose values are counters ({@link Change.adds}): the engine adds to them by itself, and so they have no sum. */
  readonly isCounter: (key: Key) => boolean
}

/**
 * Gives each value a checksum over key and value, and checks it before the value is given out: every read throws {@link DamagedRecord} for what the
 * engine did not keep as it was. Values without a sum are those of older releases, and pass, until {@link requireSums} says that there
 * are none. `keysOnly` reads no value, and so checks nothing.
 */
export class CheckedMetadataStore extends MetadataStoreWrapper {
  readonly #options: CheckedStoreOptions
  #requiresSums = false

  constructor(store: MetadataStore, options: CheckedStoreOptions) {
    super(store)
    this.#options = options
  }

  /** From now on a value without a sum counts as damaged. */
  requireSums(): void {
    this.#requiresSums = true
  }

  override async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    const entries = await this.store.getMany(keys)
    for (const [at, entry] of entries.entries()) if (entry) entries[at] = this.#checked(entry, false)
    return entries
  }

  override async scan(range: ScanRange): Promise<Entry[]> {
    return await this.#checkedScan(this.store, range)
  }

  override async scanDelimited(range: DelimitedScanRange): Promise<ListItem[]> {
    const cut = cutOf(range)
    const items = await this.store.scanDelimited({ ...range, ...cut })
    for (const [at, item] of items.entries()) {
      if (item.type === 'entry') {
        const entry = this.#checked(item.entry, cut !== null, range.valueBytesMax)
        items[at] = { type: 'entry', entry }
      } else if (item.first) {
        this.#check(item.first, cut !== null)
        items[at] = { type: 'prefix', prefix: item.prefix }
      }
    }
    return items
  }

  override async snapshot(): Promise<MetadataSnapshot> {
    const snapshot = await this.store.snapshot()
    return {
      scan: (range) => this.#checkedScan(snapshot, range),
      close: () => snapshot.close(),
    }
  }

  override async commit(change: Change): Promise<CommitOutcome> {
    if (!change.sets) return await this.store.commit(change)
    const sets = change.sets.map(({ key, value }) => {
      if (value.byteLength > VALUE_BYTES_MAX)
        throw new RangeError(`value must be at most ${VALUE_BYTES_MAX} bytes, got ${value.byteLength}`)
      // The engine adds to counters where they lie: a sum before them would be added to.
      return { key, value: this.#options.isCounter(key) ? value : withSum(key, value) }
    })
    return await this.store.commit({ ...change, sets })
  }

  async #checkedScan(store: Pick<MetadataStore, 'scan'>, range: ScanRange): Promise<Entry[]> {
    if (range.keysOnly) return await store.scan(range)
    const cut = cutOf(range)
    const entries = await store.scan({ ...range, ...cut })
    for (const [at, entry] of entries.entries())
      entries[at] = this.#checked(entry, cut !== null, range.valueBytesMax)
    return entries
  }

  #checked(entry: Entry, isCut: boolean, valueBytesMax?: number): Entry {
    const { key, value: stored, version } = entry
    if (!hasSum(stored)) {
      const value = valueBytesMax === undefined ? stored : stored.subarray(0, valueBytesMax)
      if (this.#options.isCounter(key)) return { key, value, version }
      if (this.#requiresSums) throw this.#damaged(entry, 'it has no checksum')
      return { key, value, version, isUnchecked: true }
    }
    const isCutShort = entry.isCutShort ?? false
    const checked = isCutShort ? beginningOfValue(stored) : checkedValue(key, stored, isCut)
    if (typeof checked === 'string') throw this.#damaged(entry, checked)
    const isTooLong = valueBytesMax !== undefined && checked.length > valueBytesMax
    const value = isTooLong ? checked.subarray(0, valueBytesMax) : checked
    return isCutShort ? { key, value, version, isCutShort } : { key, value, version }
  }

  /** As {@link #checked}, of an entry that nobody wants. */
  #check(entry: Entry, isCut: boolean): void {
    const { key, value: stored } = entry
    if (!hasSum(stored)) {
      if (this.#requiresSums && !this.#options.isCounter(key))
        throw this.#damaged(entry, 'it has no checksum')
      return
    }
    const fault = entry.isCutShort ? faultOfHead(stored) : faultOf(key, stored, isCut)
    if (fault !== null) throw this.#damaged(entry, fault)
  }

  #damaged(entry: Entry, reason: string): DamagedRecord {
    return new DamagedRecord(entry, this.#options.place, reason)
  }
}

/** What the engine is asked for so that the beginning of a value can be checked; null: the whole. */
function cutOf({ valueBytesMax, valueBytesEnough }: Pick<ScanRange, 'valueBytesMax' | 'valueBytesEnough'>) {
  if (valueBytesMax === undefined || valueBytesMax > HEAD_BYTES) return null
  const cut = { valueBytesMax: SUM_BYTES + HEAD_BYTES }
  return valueBytesEnough === undefined ? cut : { ...cut, valueBytesEnough: SUM_BYTES + valueBytesEnough }
}
