import type {
  Change,
  CommitOutcome,
  CompactOptions,
  DelimitedScanRange,
  Key,
  MetadataStore,
  ScanRange,
} from '../metadata-store.ts'

/** Hands each call on to another store as it is: a wrapper says of itself only what it does in its own way. */
export class MetadataStoreWrapper implements MetadataStore {
  protected readonly store: MetadataStore

  constructor(store: MetadataStore) {
    this.store = store
  }

  getMany(keys: readonly Key[]) {
    return this.store.getMany(keys)
  }

  stateMark() {
    return this.store.stateMark?.() ?? null
  }

  scan(range: ScanRange) {
    return this.store.scan(range)
  }

  scanDelimited(range: DelimitedScanRange) {
    return this.store.scanDelimited(range)
  }

  snapshot() {
    return this.store.snapshot()
  }

  commit(change: Change): Promise<CommitOutcome> {
    return this.store.commit(change)
  }

  refusal() {
    return this.store.refusal?.() ?? null
  }

  unreadable() {
    return this.store.unreadable?.() ?? []
  }

  async space() {
    return (await this.store.space?.()) ?? null
  }

  async compact(options?: CompactOptions) {
    return (await this.store.compact?.(options)) ?? null
  }

  close(): Promise<void> {
    return this.store.close()
  }
}
