import { forEachAtOnce } from '../../base/at-once.ts'
import { BlobNotFound, DamagedBlob, type BlobId, type BlobStore } from '../../storage/blob-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import type { Damage } from './backup-state.ts'

const BLOBS_AT_ONCE = 8
/** A store that gives none of so many blobs in a row is not damaged but away. */
const UNREADABLE_IN_A_ROW_MAX = 32

interface CopyOptions {
  readonly from: BlobStore
  readonly to: BlobStore
  /** The id of a blob where it comes from, and where it goes to; the same when absent. */
  readonly idHere?: (id: BlobId) => BlobId
  readonly idThere?: (id: BlobId) => BlobId
  readonly onCopied: (id: BlobId, sizeBytes: number) => void
  /** A blob that the store it comes from could not give whole: it is passed over. */
  readonly onDamage: (damage: Damage, id: BlobId) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Copies blobs as they come, a few at once, each whole or not at all. What is wrong with one of them is told and passed over; what is wrong with the place they go to
 * ends the copy.
 */
export async function copyBlobs(ids: AsyncIterable<BlobId>, options: CopyOptions): Promise<void> {
  let unreadable = 0
  const copyOne = async (id: BlobId): Promise<void> => {
    options.signal?.throwIfAborted()
    const source = new Source(options.from, options.idHere?.(id) ?? id)
    try {
      const sizeBytes = await source.open()
      await options.to.put(options.idThere?.(id) ?? id, source.pieces(), {
        sizeBytes,
        ...(options.signal && { signal: options.signal }),
      })
      unreadable = 0
      options.onCopied(id, sizeBytes)
    } catch (error) {
      const { failure } = source
      if (failure === null || options.signal?.aborted === true) throw error
      const isOfTheBlob = failure instanceof DamagedBlob || failure instanceof BlobNotFound
      unreadable = isOfTheBlob ? 0 : unreadable + 1
      if (unreadable >= UNREADABLE_IN_A_ROW_MAX)
        throw new StoreUnavailable('the blob store gives nothing', { cause: failure })
      options.onDamage({ kind: 'blob', name: id, reason: failure.message }, id)
    } finally {
      source.close()
    }
  }
  await forEachAtOnce(ids, BLOBS_AT_ONCE, copyOne)
}

/** A blob that is read, and whose own failure is told from that of whoever writes it. */
class Source {
  failure: Error | null = null
  readonly #store: BlobStore
  readonly #id: BlobId
  #stream: (AsyncIterable<Uint8Array> & { destroy(): unknown }) | null = null

  constructor(store: BlobStore, id: BlobId) {
    this.#store = store
    this.#id = id
  }

  /** Gives its size. */
  async open(): Promise<number> {
    return await this.#watched(async () => {
      const stream = await this.#store.get(this.#id)
      this.#stream = stream
      return stream.blobBytes
    })
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    const pieces = this.#stream?.[Symbol.asyncIterator]()
    for (;;) {
      const next = await this.#watched(async () => await pieces?.next())
      if (!next || next.done === true) return
      yield next.value
    }
  }

  close(): void {
    this.#stream?.destroy()
  }

  async #watched<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error))
      throw error
    }
  }
}
