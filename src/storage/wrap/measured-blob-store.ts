import type {
  BlobId,
  BlobStore,
  BlobStream,
  ByteRange,
  GetBlobOptions,
  PutBlobOptions,
} from '../blob-store.ts'
import { measure, type ObserveCall } from './measure.ts'

/** Tells how long each call to a blob store took; for `get` that is the time until the stream is open. */
export class MeasuredBlobStore implements BlobStore {
  readonly #store: BlobStore
  readonly #observe: ObserveCall

  constructor(store: BlobStore, observe: ObserveCall) {
    this.#store = store
    this.#observe = observe
  }

  put(id: BlobId, body: AsyncIterable<Uint8Array>, options?: PutBlobOptions) {
    return measure(this.#observe, 'put', () => this.#store.put(id, body, options))
  }

  get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream> {
    return measure(this.#observe, 'get', () => this.#store.get(id, range, options))
  }

  delete(ids: readonly BlobId[]): Promise<void> {
    return measure(this.#observe, 'delete', () => this.#store.delete(ids))
  }

  list(options: { readonly prefix?: string; readonly after?: BlobId; readonly limit: number }) {
    return measure(this.#observe, 'list', () => this.#store.list(options))
  }

  placeOf(id: BlobId): string {
    return this.#store.placeOf(id)
  }

  refusal() {
    return this.#store.refusal?.() ?? null
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}
