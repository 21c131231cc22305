import type {
  BlobId,
  BlobStore,
  BlobStream,
  ByteRange,
  GetBlobOptions,
  PutBlobOptions,
} from '../blob-store.ts'

/** Hands each call on to another store as it is: a wrapper says of itself only what it does in its own way. */
export class BlobStoreWrapper implements BlobStore {
  protected readonly store: BlobStore

  constructor(store: BlobStore) {
    this.store = store
  }

  put(id: BlobId, body: AsyncIterable<Uint8Array>, options?: PutBlobOptions) {
    return this.store.put(id, body, options)
  }

  get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream> {
    return this.store.get(id, range, options)
  }

  delete(ids: readonly BlobId[]): Promise<void> {
    return this.store.delete(ids)
  }

  list(options: Parameters<BlobStore['list']>[0]) {
    return this.store.list(options)
  }

  placeOf(id: BlobId): string {
    return this.store.placeOf(id)
  }

  refusal() {
    return this.store.refusal?.() ?? null
  }

  close(): Promise<void> {
    return this.store.close()
  }
}
