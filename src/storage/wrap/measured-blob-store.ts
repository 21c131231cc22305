import type {
  BlobId,
  BlobStore,
  BlobStream,
  ByteRange,
  GetBlobOptions,
  PutBlobOptions,
} from '../blob-store.ts'
import { BlobStoreWrapper } from './blob-store-wrapper.ts'
import { measure, type ObserveCall } from './measure.ts'

/** Tells how long each call to a blob store took; for `get` that is the time until the stream is open. */
export class MeasuredBlobStore extends BlobStoreWrapper {
  readonly #observe: ObserveCall

  constructor(store: BlobStore, observe: ObserveCall) {
    super(store)
    this.#observe = observe
  }

  override put(id: BlobId, body: AsyncIterable<Uint8Array>, options?: PutBlobOptions) {
    return measure(this.#observe, 'put', () => this.store.put(id, body, options))
  }

  override get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream> {
    return measure(this.#observe, 'get', () => this.store.get(id, range, options))
  }

  override delete(ids: readonly BlobId[]): Promise<void> {
    return measure(this.#observe, 'delete', () => this.store.delete(ids))
  }

  override list(options: { readonly prefix?: string; readonly after?: BlobId; readonly limit: number }) {
    return measure(this.#observe, 'list', () => this.store.list(options))
  }
}
