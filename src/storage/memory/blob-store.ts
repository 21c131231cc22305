import { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { abortableBody } from '../abortable-body.ts'
import { assertBlobId, assertSize, readableRange } from '../blob-id.ts'
import {
  BlobNotFound,
  type BlobEntry,
  type BlobId,
  type BlobStore,
  type BlobStream,
  type ByteRange,
  type GetBlobOptions,
  type PutBlobOptions,
} from '../blob-store.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { SortedMap } from './sorted-map.ts'

const CHUNK_BYTES = 64 * 1024

/** A whole blob store in this process's memory: for tests and throw-away servers. Nothing outlives the process. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new SortedMap<BlobId, Buffer>((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  #isClosed = false

  async put(
    id: BlobId,
    body: AsyncIterable<Uint8Array>,
    options: PutBlobOptions = {},
  ): Promise<{ sizeBytes: number }> {
    this.#assertOpen()
    assertBlobId(id)
    const chunks: Buffer[] = []
    for await (const chunk of abortableBody(body, options.signal)) {
      chunks.push(Buffer.from(chunk))
      bodyBuffers.giveBack(chunk)
    }
    options.signal?.throwIfAborted()
    const bytes = Buffer.concat(chunks)
    assertSize(id, options.sizeBytes, bytes.length)
    this.#blobs.set(id, bytes)
    return { sizeBytes: bytes.length }
  }

  async get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream> {
    this.#assertOpen()
    assertBlobId(id)
    const bytes = this.#blobs.get(id)
    if (!bytes) throw new BlobNotFound(id)
    const { start, end } = readableRange(id, range, bytes.length, options)
    const wanted = bytes.subarray(start, end + 1)
    const stream = Readable.from(chunksOf(wanted), { objectMode: false, highWaterMark: CHUNK_BYTES })
    return Object.assign(stream, { blobBytes: bytes.length })
  }

  async delete(ids: readonly BlobId[]): Promise<void> {
    this.#assertOpen()
    for (const id of ids) {
      assertBlobId(id)
      this.#blobs.delete(id)
    }
  }

  async list(options: { prefix?: string; after?: BlobId; limit: number }): Promise<BlobEntry[]> {
    this.#assertOpen()
    const { prefix = '', after = '', limit } = options
    const found: BlobEntry[] = []
    for (const [id, bytes] of this.#blobs.ascendingFrom(after > prefix ? after : prefix)) {
      if (found.length >= limit || !id.startsWith(prefix)) break
      if (id !== after) found.push({ id, sizeBytes: bytes.length })
    }
    return found
  }

  placeOf(): string {
    return 'memory'
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('the blob store is closed')
  }
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    yield Buffer.from(bytes.subarray(at, at + CHUNK_BYTES))
}
