import type {
  Change,
  CommitOutcome,
  CompactOptions,
  DelimitedScanRange,
  Key,
  MetadataStore,
  ScanRange,
} from '../metadata-store.ts'
import { measure, type ObserveCall } from './measure.ts'

/** Tells how long each call to a metadata store took and how it ended (`ok`, `conflict`, `not-empty`, `error`). */
export class MeasuredMetadataStore implements MetadataStore {
  readonly #store: MetadataStore
  readonly #observe: ObserveCall

  constructor(store: MetadataStore, observe: ObserveCall) {
    this.#store = store
    this.#observe = observe
  }

  getMany(keys: readonly Key[]) {
    return measure(this.#observe, 'getMany', () => this.#store.getMany(keys))
  }

  scan(range: ScanRange) {
    return measure(this.#observe, 'scan', () => this.#store.scan(range))
  }

  scanDelimited(range: DelimitedScanRange) {
    return measure(this.#observe, 'scanDelimited', () => this.#store.scanDelimited(range))
  }

  snapshot() {
    return measure(this.#observe, 'snapshot', () => this.#store.snapshot())
  }

  commit(change: Change): Promise<CommitOutcome> {
    return measure(
      this.#observe,
      'commit',
      () => this.#store.commit(change),
      (outcome) => outcome,
    )
  }

  refusal() {
    return this.#store.refusal?.() ?? null
  }

  async space() {
    return (await this.#store.space?.()) ?? null
  }

  async compact(options?: CompactOptions) {
    return (await this.#store.compact?.(options)) ?? null
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}
