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
import { MemoryRoom } from './memory-room.ts'
import { SortedMap } from './sorted-map.ts'

const CHUNK_BYTES = 64 * 1024

/** All that a store holds at a moment: it never changes. */
export type MemoryBlobs = SortedMap<BlobId, Buffer>

/** A whole blob store in this process's memory: for tests and throw-away servers. Nothing outlives the process. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs: MemoryBlobs
  readonly #room: MemoryRoom
  #isClosed = false

  /** `from`: what the store holds at first, already counted in `room`; nothing when absent. */
  constructor(from?: MemoryBlobs, room = new MemoryRoom()) {
    this.#blobs = from?.copy() ?? new SortedMap((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    this.#room = room
  }

  /** All that it holds now. */
  content(): MemoryBlobs {
    return this.#blobs.copy()
  }

  async put(
    id: BlobId,
    body: AsyncIterable<Uint8Array>,
    options: PutBlobOptions = {},
  ): Promise<{ sizeBytes: number }> {
    this.#assertOpen()
    assertBlobId(id)
    this.#room.check(options.sizeBytes ?? 0)
    const chunks: Buffer[] = []
    let heldBytes = 0
    try {
      for await (const chunk of abortableBody(body, options.signal)) {
        this.#room.check(chunk.length)
        this.#room.take(chunk.length)
        heldBytes += chunk.length
        chunks.push(Buffer.from(chunk))
        bodyBuffers.giveBack(chunk)
      }
      options.signal?.throwIfAborted()
      const bytes = Buffer.concat(chunks)
      assertSize(id, options.sizeBytes, bytes.length)
      this.#remove(id)
      this.#blobs.set(id, bytes)
      return { sizeBytes: bytes.length }
    } catch (error) {
      this.#room.take(-heldBytes)
      throw error
    }
  }

  #remove(id: BlobId): void {
    this.#room.take(-(this.#blobs.get(id)?.length ?? 0))
    this.#blobs.delete(id)
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
      this.#remove(id)
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
