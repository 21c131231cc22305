import { bodyBuffers } from '../../base/buffer-pool.ts'
import { keyAfter, readTextPart } from '../../base/key.ts'
import { blobsOfObject } from '../../service/bodies/object-blobs.ts'
import type { ServiceContext } from '../../service/context.ts'
import { isDamage } from '../../service/damage/damaged-object.ts'
import { blobReferenceKey, parseObjectRowKey, partsRange } from '../../service/keyspace.ts'
import { decodeObject } from '../../service/records/object-codec.ts'
import type { DecodedObject } from '../../service/records/object.ts'
import { partCodec } from '../../service/records/upload.ts'
import { BlobNotFound, CHECKED_BLOB_SUFFIX, type BlobId, type ByteRange } from '../../storage/blob-store.ts'
import type { DamagedRecord } from '../../storage/metadata-store.ts'
import { type Entry } from '../../storage/metadata-store.ts'
import { ALL_KEYS, entriesPastDamage, isUnchanged } from '../store/store-content.ts'
import { wrongBytes } from '../store/verify-bytes.ts'
import type { Pace } from './pace.ts'
import type { ScrubCounts } from './scrub-record.ts'

/** Records are read in pieces of about this size, so that no request waits for long: reading them does not leave the thread. */
const PAGE_BYTES = 256 * 1024
const [PART_TAG] = partsRange('').start

/** Where a slice begins, or ended. */
export interface ScrubPosition {
  /** The last record that was read with its blobs; null: none yet. */
  readonly lastKey: Buffer | null
  /** Blobs that were read already of the record behind it, and bytes of the blob behind those. */
  readonly blobsOfNext: number
  readonly offset: number
}

interface SliceOptions {
  readonly pace: Pace
  /** Asked between two records, and between two blobs of one: whether to go on. */
  readonly goesOn: () => boolean
  /** Told of what was read, and found, since it was told last, and where that was. */
  readonly onRead: (counts: ScrubCounts, position: ScrubPosition) => void
}

/**
 * Reads all records behind a position, each with the blobs that it names, and checks what it reads by the checksums. What is damaged is written down and
 * passed over. Whether the end of the store was reached.
 */
export async function scrubSlice(
  context: ServiceContext,
  from: ScrubPosition,
  options: SliceOptions,
): Promise<boolean> {
  return await new Slice(context, from, options).run()
}

class Slice {
  readonly #context: ServiceContext
  readonly #options: SliceOptions
  #position: ScrubPosition

  constructor(context: ServiceContext, from: ScrubPosition, options: SliceOptions) {
    this.#context = context
    this.#options = options
    this.#position = from
  }

  async run(): Promise<boolean> {
    const { lastKey } = this.#position
    const range = { start: lastKey ? keyAfter(lastKey) : ALL_KEYS.start, end: ALL_KEYS.end }
    const { metadata } = this.#context
    const entries = entriesPastDamage(metadata, range, this.#onDamagedRecord, { pageBytes: PAGE_BYTES })
    for (;;) {
      const startedAt = performance.now()
      const next = await entries.next()
      if (next.done) return true
      const entry = next.value
      const bytes = entry.key.length + entry.value.length
      await this.#options.pace.spend(performance.now() - startedAt, bytes)
      if (!this.#options.goesOn()) return false
      if (!(await this.#readBlobsOf(entry))) return false
      this.#position = { lastKey: entry.key, blobsOfNext: 0, offset: 0 }
      this.#note({ records: 1, bytes })
    }
  }

  #note(counts: Partial<ScrubCounts>): void {
    this.#options.onRead({ records: 0, blobs: 0, bytes: 0, damaged: 0, ...counts }, this.#position)
  }

  readonly #onDamagedRecord = async (error: DamagedRecord): Promise<void> => {
    await this.#context.damage.noteRecord(error)
    this.#note({ damaged: 1 })
  }

  /** Whether it went on to the end. */
  async #readBlobsOf(entry: Entry): Promise<boolean> {
    if (entry.key[0] === PART_TAG) return await this.#readPart(entry)
    const address = parseObjectRowKey(entry.key)
    if (!address) return true
    const object = decoded(entry)
    const blobIds = object ? blobsOfObject(object) : []
    if (!object || blobIds.length === 0) return true
    const { order, versionId } = object.record
    const version = { bucketId: address.bucketId, key: address.key, order, versionId }
    const fault = blobIds.every((id) => id.endsWith(CHECKED_BLOB_SUFFIX))
      ? await this.#readBlobs(blobIds)
      : await this.#readWhole(object)
    if (fault === 'stopped') return false
    if (fault && (await isUnchanged(this.#context.metadata, entry))) {
      await this.#context.damage.noteBytes(version, fault)
      this.#note({ damaged: 1 })
    }
    return true
  }

  async #readPart(entry: Entry): Promise<boolean> {
    const { blobId } = partCodec.decode(entry.value)
    if (blobId === undefined) return true
    const fault = await this.#readBlobs([blobId])
    if (fault === 'stopped') return false
    // What was made an object of goes with that object, though the part is there still.
    const isMissing = fault instanceof BlobNotFound && !(await this.#isReferredTo(blobId))
    if (fault && !isMissing && (await isUnchanged(this.#context.metadata, entry))) {
      this.#context.damage.noteOther(`a part of upload ${readTextPart(entry.key, 1).text}`, fault)
      this.#note({ damaged: 1 })
    }
    return true
  }

  /** The first fault of the blobs, null where all are whole. Behind one they are not looked at: the object is damaged. */
  async #readBlobs(blobIds: readonly BlobId[]): Promise<Error | 'stopped' | null> {
    for (const [at, blobId] of blobIds.entries()) {
      const { blobsOfNext, offset } = this.#position
      if (at < blobsOfNext) continue
      try {
        if (!(await this.#readBlob(blobId, at === blobsOfNext ? offset : 0))) return 'stopped'
      } catch (error) {
        if (isDamage(error)) return error
        throw error
      }
      this.#position = { ...this.#position, blobsOfNext: at + 1, offset: 0 }
      this.#note({ blobs: 1 })
    }
    return null
  }

  /** Whether it was read to its end. */
  async #readBlob(blobId: BlobId, from: number): Promise<boolean> {
    let startedAt = performance.now()
    let offset = from
    const range = from > 0 ? await this.#restOf(blobId, from) : undefined
    if (range === null) return true
    const stream = await this.#context.blobs.get(blobId, range)
    const pieces: AsyncIterable<Uint8Array> = stream
    for await (const bytes of pieces) {
      const { length } = bytes
      bodyBuffers.giveBack(bytes)
      offset += length
      await this.#options.pace.spend(performance.now() - startedAt, length)
      this.#position = { ...this.#position, offset }
      this.#note({ bytes: length })
      // Leaving the loop destroys the stream.
      if (!this.#options.goesOn() && offset < stream.blobBytes) return false
      startedAt = performance.now()
    }
    return true
  }

  /** What is left of a blob; null: nothing. */
  async #restOf(blobId: BlobId, start: number): Promise<ByteRange | null> {
    const [blob] = await this.#context.blobs.list({ prefix: blobId, limit: 1 })
    if (blob?.id !== blobId) throw new BlobNotFound(blobId)
    return start < blob.sizeBytes ? { start, end: blob.sizeBytes - 1 } : null
  }

  /** Blobs of release 0.1 have no checksums: the object's ETag is what there is. */
  async #readWhole(object: DecodedObject): Promise<Error | null> {
    const startedAt = performance.now()
    const fault = await wrongBytes(this.#context, object)
    const { sizeBytes } = object.record
    await this.#options.pace.spend(performance.now() - startedAt, sizeBytes)
    this.#note({ blobs: 1, bytes: sizeBytes })
    return fault
  }

  async #isReferredTo(blobId: BlobId): Promise<boolean> {
    const [reference = null] = await this.#context.metadata.getMany([blobReferenceKey(blobId)])
    return reference !== null
  }
}

/** Null for what is whole by its checksum and of a later release. */
function decoded(entry: Entry): DecodedObject | null {
  try {
    return decodeObject(entry.value)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
