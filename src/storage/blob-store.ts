import type { Readable } from 'node:stream'
import type { StoreUnavailable } from './metadata-store.ts'

/** Names a blob: 1 to 200 characters of `a-z0-9`, `-`, `.` (not first), chosen by the writer, never used twice. */
export type BlobId = string

/** Characters of a blob id. */
export const BLOB_ID_LENGTH_MAX = 200
/** What the id of a blob ends with whose bytes are stored with checksums and checked when they are read; others are those of older releases. */
export const CHECKED_BLOB_SUFFIX = '.c'

/** A byte range, both ends inclusive, as in an HTTP Range header; must lie inside the blob. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** What is known of a blob before it comes, and what stops it. */
export interface PutBlobOptions {
  /** The exact size when it is known before; an engine may use it, and fails when the body turns out otherwise. */
  readonly sizeBytes?: number
  /** Aborting rejects the put; nothing of the blob stays visible. */
  readonly signal?: AbortSignal
}

/** How a range is read. */
export interface GetBlobOptions {
  /** A range that ends behind the blob ends with it; otherwise that is a RangeError. */
  readonly endsWithBlob?: boolean
}

/** Bytes of a blob that are being read. */
export interface BlobStream extends Readable {
  /** The size of the whole blob. */
  readonly blobBytes: number
}

/** A stored blob in a listing. */
export interface BlobEntry {
  readonly id: BlobId
  readonly sizeBytes: number
}

/**
 * A store of immutable bytes without names: what every blob engine under `storage/` gives.
 *
 * An engine that cannot answer throws `StoreUnavailable`. A missing blob throws {@link BlobNotFound} from `get` alone.
 */
export interface BlobStore {
  /**
   * Stores the bytes; durable and visible when it resolves, invisible (to `get` and `list`) before and after a failure. Pulls from `body`
   * only as fast as it can write. A failing body makes `put` reject with the body's own error.
   */
  put(id: BlobId, body: AsyncIterable<Uint8Array>, options?: PutBlobOptions): Promise<{ sizeBytes: number }>
  /** Opens the bytes for reading; the caller consumes or destroys the stream. An open stream survives `delete`. */
  get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream>
  /** Removes the blobs. Resolves also when some do not exist: removal is tried again after a crash. */
  delete(ids: readonly BlobId[]): Promise<void>
  /** Stored blobs in ascending order of id, after `after`, at most `limit`. */
  list(options: {
    readonly prefix?: string
    readonly after?: BlobId
    readonly limit: number
  }): Promise<BlobEntry[]>
  /** Where the blob lies, for whoever looks after the store: no secret. */
  placeOf(id: BlobId): string
  /** As that of a metadata store, for `put`. */
  refusal?(): StoreUnavailable | null
  close(): Promise<void>
}

/** There is no blob of that id. */
export class BlobNotFound extends Error {
  override readonly name = 'BlobNotFound'
  readonly id: BlobId

  constructor(id: BlobId, options?: ErrorOptions) {
    super(`blob ${id} does not exist`, options)
    this.id = id
  }
}

/** What the engine gave is not what was put: the disk, or something on the way from it, changed it. */
export class DamagedBlob extends Error {
  override readonly name = 'DamagedBlob'
  readonly id: BlobId
  /** Of the first byte that may be wrong, among the blob's bytes. */
  readonly offset: number
  readonly place: string

  /** `reason`: what does not fit. */
  constructor(
    id: BlobId,
    { offset, place, reason }: { readonly offset: number; readonly place: string; readonly reason: string },
  ) {
    super(`blob ${id} in ${place} is damaged: ${reason}`)
    this.id = id
    this.offset = offset
    this.place = place
  }
}
