import { assertByteRange } from '../blob-id.ts'
import {
  CHECKED_BLOB_SUFFIX,
  DamagedBlob,
  type BlobEntry,
  type BlobId,
  type BlobStore,
  type BlobStream,
  type ByteRange,
  type PutBlobOptions,
} from '../blob-store.ts'
import { BlobStoreWrapper } from './blob-store-wrapper.ts'
import { sizeBytesOf, storedBytesOf, storedRangeOf, withBlockSums } from './block-sums.ts'
import { CheckedBlobReader } from './checked-blob-reader.ts'

/**
 * Stores each blob whose id ends with {@link CHECKED_BLOB_SUFFIX} with checksums of its blocks, and checks them before it gives bytes out: reading a
 * blob that the engine did not keep as it was fails with {@link DamagedBlob}. Other blobs are those of older releases; they pass as they are.
 */
export class CheckedBlobStore extends BlobStoreWrapper {
  readonly #isChecked: (id: BlobId) => boolean

  /** `isChecked`: which blobs have checksums; another choice than by their ids is for tests. */
  constructor(store: BlobStore, isChecked = (id: BlobId) => id.endsWith(CHECKED_BLOB_SUFFIX)) {
    super(store)
    this.#isChecked = isChecked
  }

  override async put(
    id: BlobId,
    body: AsyncIterable<Uint8Array>,
    options: PutBlobOptions = {},
  ): Promise<{ sizeBytes: number }> {
    if (!this.#isChecked(id)) return await this.store.put(id, body, options)
    const { sizeBytes: wanted, ...rest } = options
    const stored = { ...rest, ...(wanted !== undefined && { sizeBytes: storedBytesOf(wanted) }) }
    const { sizeBytes } = await this.store.put(id, withBlockSums(id, body), stored)
    return { sizeBytes: sizeBytesOf(sizeBytes) }
  }

  override async get(id: BlobId, range?: ByteRange): Promise<BlobStream> {
    if (!this.#isChecked(id)) return await this.store.get(id, range)
    if (range && !(range.start >= 0 && range.start <= range.end)) assertByteRange(id, range, 0)
    const source = range
      ? await this.store.get(id, storedRangeOf(range), { endsWithBlob: true })
      : await this.store.get(id)
    const place = this.placeOf(id)
    try {
      const sizeBytes = sizeBytesOf(source.blobBytes)
      if (sizeBytes < 0)
        throw new DamagedBlob(id, { offset: 0, place, reason: `it has ${source.blobBytes} stored bytes` })
      if (range) assertByteRange(id, range, sizeBytes)
      return new CheckedBlobReader(source, {
        id,
        place,
        storedBytes: source.blobBytes,
        range: range ?? { start: 0, end: sizeBytes - 1 },
      })
    } catch (error) {
      source.destroy()
      throw error
    }
  }

  override async list(options: {
    readonly prefix?: string
    readonly after?: BlobId
    readonly limit: number
  }): Promise<BlobEntry[]> {
    const entries = await this.store.list(options)
    return entries.map(({ id, sizeBytes }) => ({
      id,
      sizeBytes: this.#isChecked(id) ? Math.max(0, sizeBytesOf(sizeBytes)) : sizeBytes,
    }))
  }
}
