import { blobsOfObject } from '../../service/bodies/object-blobs.ts'
import { BucketChange } from '../../service/commit/bucket-change.ts'
import { commitInTurn } from '../../service/commit/commit-in-turn.ts'
import { releaseOnFailure } from '../../service/commit/new-blobs.ts'
import { objectTurn } from '../../service/commit/turns.ts'
import type { ServiceContext } from '../../service/context.ts'
import {
  bucketsRange,
  objectsRange,
  parseObjectRowKey,
  uploadsRange,
  versionsRange,
  partsRange,
} from '../../service/keyspace.ts'
import { isDamage } from '../../service/damage/damaged-object.ts'
import { bucketCodec, type BucketRecord } from '../../service/records/bucket.ts'
import { decodeObject, encodeObject } from '../../service/records/object-codec.ts'
import { decodePartLayout, encodePartLayout, type DecodedObject } from '../../service/records/object.ts'
import { partCodec, uploadCodec } from '../../service/records/upload.ts'
import { CHECKED_BLOB_SUFFIX, type BlobId } from '../../storage/blob-store.ts'
import { KEYS_PER_COMMIT_ADVISED, type DamagedRecord, type Entry } from '../../storage/metadata-store.ts'
import { FormBatch } from './rewrite-forms.ts'
import { ALL_KEYS, entriesPastDamage } from './store-content.ts'
import { noteAllSums } from './store-identity.ts'
import { wrongBytes } from './verify-bytes.ts'

/** What a rewrite gave checksums to, and what it left. */
interface StoreRewrite {
  readonly records: number
  readonly objects: number
  readonly blobs: number
  /** Versions whose records an earlier release had written, and that have the form of this one now. */
  readonly reformed: number
  /** Parts of uploads under way: they get theirs when their object is there and the store is rewritten again. */
  readonly partsLeft: number
  /** Objects and records that are damaged already: no checksum is made of wrong bytes. In words. */
  readonly damaged: readonly string[]
  /** From now on a record without a checksum is damaged. */
  readonly isWhole: boolean
}

/** What is told while it goes on: how many were looked at. */
type OnLook = (what: 'records' | 'objects', looked: number) => void

/**
 * Gives the records and blobs of older releases their checksums, and records of versions the form of this release; what has them is left as it is, so that what was interrupted goes on when it is called
 * again. The bytes of an object are compared with its ETag first (not those under a customer's key). Servers of this release may work on the store
 * meanwhile: whoever changes a record wins.
 */
export async function rewriteStore(
  context: ServiceContext,
  onLook: OnLook = () => undefined,
): Promise<StoreRewrite> {
  const rewriting = new Rewriting(context, onLook)
  await rewriting.run()
  return rewriting.result
}

class Rewriting {
  readonly result = {
    records: 0,
    objects: 0,
    blobs: 0,
    reformed: 0,
    partsLeft: 0,
    damaged: [] as string[],
    isWhole: false,
  }
  readonly #context: ServiceContext
  readonly #onLook: OnLook
  readonly #looked = { records: 0, objects: 0 }

  constructor(context: ServiceContext, onLook: OnLook) {
    this.#context = context
    this.#onLook = onLook
  }

  async run(): Promise<void> {
    const { metadata } = this.#context
    for await (const { value } of entriesPastDamage(metadata, bucketsRange(), () => undefined)) {
      const bucket = bucketCodec.decode(value)
      const { bucketId } = bucket
      // A new version makes an older one of a current one, and its removal the other way round: none is passed over.
      for (const range of [objectsRange(bucketId), versionsRange(bucketId), objectsRange(bucketId)]) {
        const forms = new FormBatch(this.#context, bucketId)
        for await (const entry of entriesPastDamage(metadata, range, () => undefined)) {
          this.#onLook('objects', ++this.#looked.objects)
          if (await this.#rewriteBlobs(bucket, entry)) continue
          await forms.add(entry)
        }
        await forms.flush()
        this.result.reformed += forms.reformed
      }
      await this.#countParts(bucketId)
    }
    await this.#rewriteRecords()
    if (await this.#hasAllSums()) {
      await noteAllSums(this.#context)
      this.result.isWhole = true
    }
  }

  /** Current objects are looked at twice. */
  #damaged(fault: string): void {
    if (!this.result.damaged.includes(fault)) this.result.damaged.push(fault)
  }

  async #countParts(bucketId: string): Promise<void> {
    const { metadata } = this.#context
    for await (const upload of entriesPastDamage(metadata, uploadsRange(bucketId), () => undefined)) {
      const { uploadId } = uploadCodec.decode(upload.value)
      for await (const part of entriesPastDamage(metadata, partsRange(uploadId), () => undefined)) {
        const { blobId } = partCodec.decode(part.value)
        if (blobId !== undefined && isOld(blobId)) this.result.partsLeft++
      }
    }
  }

  /** Whether the version has new blobs now, and a new record with them. */
  async #rewriteBlobs(bucket: BucketRecord, entry: Entry): Promise<boolean> {
    const object = decodeObject(entry.value)
    const old = blobsOfObject(object).filter(isOld)
    const key = parseObjectRowKey(entry.key)?.key
    if (old.length === 0 || key === undefined) return false
    const wrong = await wrongBytes(this.#context, object)
    if (wrong) {
      if (await this.#isUnchanged(entry))
        this.#damaged(`bucket ${bucket.name}, object ${JSON.stringify(key)}: ${wrong.message}`)
      return false
    }
    const copies = await this.#copyBlobs(old)
    if (!copies) return false
    const newBlobs = [...copies.values()]
    const value = withBlobs(object, copies)
    const turn = objectTurn(bucket.bucketId, key)
    const isRewritten = await releaseOnFailure(this.#context, newBlobs, () =>
      commitInTurn(this.#context, turn, async () => {
        if (!(await this.#isUnchanged(entry))) return { change: null, result: false }
        const change = new BucketChange(bucket.bucketId)
        change.checks.push({ key: entry.key, version: entry.version })
        change.sets.push({ key: entry.key, value })
        change.countStored(value)
        change.countRemoved(entry.value)
        change.claimedBlobs.push(...newBlobs)
        change.releasedBlobs.push(...old)
        return { change, result: true }
      }),
    )
    if (!isRewritten) {
      const ledger = await this.#context.blobLedger.open()
      ledger.release(newBlobs)
      return false
    }
    this.result.objects++
    this.result.blobs += newBlobs.length
    return true
  }

  /** Copies under new ids, by the old ones; null when one is gone, with its object. */
  async #copyBlobs(old: readonly BlobId[]): Promise<ReadonlyMap<BlobId, BlobId> | null> {
    const { blobs, blobLedger } = this.#context
    const ledger = await blobLedger.open()
    const copies = new Map<BlobId, BlobId>()
    try {
      for (const id of old) {
        const copy = ledger.newBlobId()
        copies.set(id, copy)
        const stream = await blobs.get(id)
        await blobs.put(copy, stream, { sizeBytes: stream.blobBytes })
      }
      return copies
    } catch (error) {
      ledger.release([...copies.values()])
      if (isDamage(error)) return null
      throw error
    }
  }

  async #isUnchanged({ key, version }: Entry): Promise<boolean> {
    const [entry] = await this.#context.metadata.getMany([key])
    return entry?.version === version
  }

  async #rewriteRecords(): Promise<void> {
    let batch: Entry[] = []
    const onDamaged = (error: DamagedRecord): void => this.#damaged(error.message)
    for await (const entry of entriesPastDamage(this.#context.metadata, ALL_KEYS, onDamaged)) {
      this.#onLook('records', ++this.#looked.records)
      if (entry.isUnchecked !== true) continue
      batch.push(entry)
      if (batch.length < KEYS_PER_COMMIT_ADVISED) continue
      await this.#rewriteBatch(batch)
      batch = []
    }
    await this.#rewriteBatch(batch)
  }

  /** Stores records again, as they are. One that was changed meanwhile has its checksum already. */
  async #rewriteBatch(batch: readonly Entry[]): Promise<void> {
    if (batch.length === 0) return
    const outcome = await this.#context.metadata.commit({
      checks: batch.map(({ key, version }) => ({ key, version })),
      sets: batch.map(({ key, value }) => ({ key, value })),
    })
    if (outcome === 'ok') this.result.records += batch.length
    else if (batch.length > 1) for (const entry of batch) await this.#rewriteBatch([entry])
  }

  /** False as well where some cannot be read: a disk that gives them again must not find them damaged for want of a checksum. */
  async #hasAllSums(): Promise<boolean> {
    let isAllRead = true
    const passOver = (): void => void (isAllRead = false)
    for await (const entry of entriesPastDamage(this.#context.metadata, ALL_KEYS, passOver))
      if (entry.isUnchecked === true) return false
    return isAllRead
  }
}

const isOld = (id: BlobId): boolean => !id.endsWith(CHECKED_BLOB_SUFFIX)

/** The object's record with other blobs in the place of those that were copied. */
function withBlobs({ record, tail }: DecodedObject, copies: ReadonlyMap<BlobId, BlobId>): Buffer {
  if (record.blob) {
    const { blob } = record
    return encodeObject({ ...record, blob: { ...blob, id: copies.get(blob.id) ?? blob.id } }, tail)
  }
  const { parts } = decodePartLayout(tail)
  const moved = parts.map((part) =>
    part.blobId === undefined ? part : { ...part, blobId: copies.get(part.blobId) ?? part.blobId },
  )
  return encodeObject(record, encodePartLayout({ parts: moved }))
}
