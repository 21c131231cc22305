import { Readable } from 'node:stream'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from './client-package.ts'
import { abortableBody } from '../abortable-body.ts'
import { assertBlobId, assertByteRange, assertSize, isBlobId, readableRange } from '../blob-id.ts'
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
import { S3BlobReader } from './blob-reader.ts'
import { describeAddress, type S3Address } from './address.ts'
import { isMissingKey, isUnsatisfiableRange, unavailable } from './failures.ts'
import { HELD_BYTES_MAX, piecesOf, putHeld, putParts, putStreamed, SINGLE_BYTES_MAX } from './put.ts'

/** S3's own bound on one DeleteObjects and on one page of a listing. */
const KEYS_PER_REQUEST_MAX = 1000

/**
 * The blobs of many machines in one bucket of an S3 cluster, each an object of its id behind a prefix. Open one with `openS3BlobStore`.
 */
export class S3BlobStore implements BlobStore {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #prefix: string
  readonly #where: string
  #isClosed = false

  constructor(client: S3Client, address: S3Address) {
    this.#client = client
    this.#bucket = address.bucket
    this.#prefix = address.prefix
    this.#where = describeAddress(address)
  }

  async put(
    id: BlobId,
    body: AsyncIterable<Uint8Array>,
    options: PutBlobOptions = {},
  ): Promise<{ sizeBytes: number }> {
    this.#assertOpen()
    assertBlobId(id)
    const { sizeBytes, signal } = options
    const source = new WatchedBody(id, abortableBody(body, signal), sizeBytes)
    const target = {
      client: this.#client,
      bucket: this.#bucket,
      key: this.#prefix + id,
      signal: signal ?? new AbortController().signal,
    }
    try {
      signal?.throwIfAborted()
      await this.#send(target, source, sizeBytes)
      return { sizeBytes: source.sizeBytes }
    } catch (error) {
      signal?.throwIfAborted()
      if (source.failure) throw source.failure.error
      throw unavailable(this.#where, error)
    }
  }

  async #send(
    target: Parameters<typeof putHeld>[0],
    source: WatchedBody,
    sizeBytes: number | undefined,
  ): Promise<void> {
    if (sizeBytes !== undefined && sizeBytes > HELD_BYTES_MAX && sizeBytes <= SINGLE_BYTES_MAX) {
      await putStreamed(target, source.chunks(), sizeBytes)
      return
    }
    const chunks = source.chunks()
    const pieces = piecesOf(chunks, HELD_BYTES_MAX + 1)
    try {
      const first = await pieces.next()
      const head: Buffer = first.done ? Buffer.alloc(0) : first.value
      if (head.length <= HELD_BYTES_MAX) await putHeld(target, head)
      else await putParts(target, withHead(head, pieces))
    } finally {
      // A cluster that refuses an upload leaves the body in the middle.
      await pieces.return(undefined)
    }
  }

  async get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream> {
    this.#assertOpen()
    assertBlobId(id)
    if (range && !(range.start >= 0 && range.start <= range.end)) assertByteRange(id, range, 0)
    const { body, wanted, blobBytes } = await this.#open(id, range, options)
    const reader = new S3BlobReader(body, wanted, async (rest) => (await this.#open(id, rest)).body)
    return Object.assign(reader, { blobBytes })
  }

  /** Asks for a blob or a range of it; gives what the response has of how large a blob. */
  async #open(
    id: BlobId,
    range?: ByteRange,
    options: GetBlobOptions = {},
  ): Promise<{ body: Readable; wanted: ByteRange; blobBytes: number }> {
    try {
      const {
        Body: body,
        ContentRange: contentRange,
        ContentLength: sizeBytes,
      } = await this.#client.send(
        new GetObjectCommand({
          Bucket: this.#bucket,
          Key: this.#prefix + id,
          ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
        }),
      )
      if (!(body instanceof Readable)) throw new StoreUnavailable(`${this.#where}: the response has no body`)
      if (range) {
        const blobBytes = Number(/\/(\d+)$/.exec(contentRange ?? '')?.[1] ?? NaN)
        try {
          if (Number.isNaN(blobBytes))
            throw new StoreUnavailable(`${this.#where}: the cluster ignored the range`)
          return { body, wanted: readableRange(id, range, blobBytes, options), blobBytes }
        } catch (error) {
          body.destroy()
          throw error
        }
      }
      if (sizeBytes === undefined) {
        body.destroy()
        throw new StoreUnavailable(`${this.#where}: the cluster did not tell the size of its response`)
      }
      return { body, wanted: { start: 0, end: sizeBytes - 1 }, blobBytes: sizeBytes }
    } catch (error) {
      if (isMissingKey(error)) throw new BlobNotFound(id, { cause: error })
      if (isUnsatisfiableRange(error))
        throw new RangeError(`range of blob ${id} begins behind its end`, { cause: error })
      if (error instanceof RangeError) throw error
      throw unavailable(this.#where, error)
    }
  }

  async delete(ids: readonly BlobId[]): Promise<void> {
    this.#assertOpen()
    for (const id of ids) assertBlobId(id)
    for (let from = 0; from < ids.length; from += KEYS_PER_REQUEST_MAX)
      await this.#deleteBatch(ids.slice(from, from + KEYS_PER_REQUEST_MAX))
  }

  async #deleteBatch(ids: readonly BlobId[]): Promise<void> {
    const objects = [...new Set(ids)].map((id) => ({ Key: this.#prefix + id }))
    try {
      const { Errors: errors = [] } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects: objects, Quiet: true } }),
      )
      const [failure] = errors.filter(({ Code: code }) => code !== 'NoSuchKey')
      if (failure)
        throw new StoreUnavailable(
          `${this.#where}: ${errors.length} of ${objects.length} blobs could not be deleted, the first for ${failure.Code ?? 'an unknown reason'}: ${failure.Message ?? ''}`,
        )
    } catch (error) {
      throw unavailable(this.#where, error)
    }
  }

  async list(options: { prefix?: string; after?: BlobId; limit: number }): Promise<BlobEntry[]> {
    this.#assertOpen()
    const { prefix = '', after, limit } = options
    const found: BlobEntry[] = []
    let startAfter = after === undefined ? undefined : this.#prefix + after
    while (found.length < limit) {
      const wanted = Math.min(KEYS_PER_REQUEST_MAX, limit - found.length)
      const page = await this.#listPage(this.#prefix + prefix, startAfter, wanted)
      for (const { Key: key = '', Size: sizeBytes = 0 } of page.contents) {
        startAfter = key
        const id = key.slice(this.#prefix.length)
        // What else lies in the bucket is not ours: an object that a start put to try the bucket and had no time to delete, another store's folder.
        if (isBlobId(id)) found.push({ id, sizeBytes })
      }
      if (!page.hasMore || page.contents.length === 0) break
    }
    return found
  }

  async #listPage(prefix: string, startAfter: string | undefined, limit: number) {
    try {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          MaxKeys: limit,
          ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
        }),
      )
      return { contents: page.Contents ?? [], hasMore: page.IsTruncated ?? false }
    } catch (error) {
      throw unavailable(this.#where, error)
    }
  }

  placeOf(id: BlobId): string {
    return `${this.#where}: ${this.#prefix}${id}`
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#client.destroy()
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('the blob store is closed')
  }
}

/** A body that is counted on its way, and whose own failure is told from the cluster's. */
class WatchedBody {
  sizeBytes = 0
  failure: { readonly error: unknown } | null = null
  readonly #id: BlobId
  readonly #body: AsyncIterable<Uint8Array>
  readonly #expectedBytes: number | undefined

  constructor(id: BlobId, body: AsyncIterable<Uint8Array>, expectedBytes: number | undefined) {
    this.#id = id
    this.#body = body
    this.#expectedBytes = expectedBytes
  }

  async *chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of this.#body) {
        this.sizeBytes += chunk.byteLength
        if (this.#expectedBytes !== undefined && this.sizeBytes > this.#expectedBytes)
          assertSize(this.#id, this.#expectedBytes, this.sizeBytes)
        if (chunk.byteLength > 0) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      }
      assertSize(this.#id, this.#expectedBytes, this.sizeBytes)
    } catch (error) {
      this.failure ??= { error }
      throw error
    }
  }
}

async function* withHead(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head
  yield* rest
}
