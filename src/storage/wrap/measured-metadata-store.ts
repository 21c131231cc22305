import type {
  Change,
  CommitOutcome,
  DelimitedScanRange,
  Key,
  MetadataStore,
  ScanRange,
} from '../metadata-store.ts'
import { MetadataStoreWrapper } from './metadata-store-wrapper.ts'
import { measure, type ObserveCall } from './measure.ts'

/** Tells how long each call to a metadata store took and how it ended (`ok`, `conflict`, `not-empty`, `error`). */
export class MeasuredMetadataStore extends MetadataStoreWrapper {
  readonly #observe: ObserveCall

  constructor(store: MetadataStore, observe: ObserveCall) {
    super(store)
    this.#observe = observe
  }

  override getMany(keys: readonly Key[]) {
    return measure(this.#observe, 'getMany', () => this.store.getMany(keys))
  }

  override scan(range: ScanRange) {
    return measure(this.#observe, 'scan', () => this.store.scan(range))
  }

  override scanDelimited(range: DelimitedScanRange) {
    return measure(this.#observe, 'scanDelimited', () => this.store.scanDelimited(range))
  }

  override snapshot() {
    return measure(this.#observe, 'snapshot', () => this.store.snapshot())
  }

  override commit(change: Change): Promise<CommitOutcome> {
    return measure(
      this.#observe,
      'commit',
      () => this.store.commit(change),
      (outcome) => outcome,
    )
  }
}
