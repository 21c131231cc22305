import { readTextPart } from '../../base/key.ts'
import { writerIdOf } from '../../service/blobs/blob-writer-id.ts'
import type { ServiceContext } from '../../service/context.ts'
import {
  blobReferenceKey,
  blobReferencesRange,
  bucketsRange,
  objectsRange,
  parseObjectRowKey,
  partsRange,
  uploadsRange,
  versionsRange,
  writerLeaseKey,
  writerLeasesRange,
} from '../../service/keyspace.ts'
import { isDamage } from '../../service/damage/damaged-object.ts'
import { UnreadableRecord, type DamagedRecord, type Entry } from '../../storage/metadata-store.ts'
import { blobsOfObject } from '../../service/bodies/object-blobs.ts'
import { bucketCodec, type BucketRecord } from '../../service/records/bucket.ts'
import { decodeObject } from '../../service/records/object-codec.ts'
import { partCodec, uploadCodec } from '../../service/records/upload.ts'
import { compareCounts } from './count-bucket.ts'
import { allBlobs, compareText, entriesPastDamage, isUnchanged, mergeAscending } from './store-content.ts'
import { readStored, wrongBytes } from './verify-bytes.ts'

/** What was looked at and what is wrong with it. */
export interface StoreReport {
  readonly buckets: number
  readonly versions: number
  readonly parts: number
  readonly blobs: number
  readonly blobBytes: number
  /** Objects whose bytes were read and compared with their ETag. */
  readonly bodiesRead: number
  readonly problemCount: number
  /** The first problems, in words. */
  readonly problems: readonly string[]
}

interface VerifyOptions {
  /** Reads every object and compares its bytes with its ETag. */
  readonly readsBodies: boolean
  /** Blobs that nothing refers to and no living writer can claim count as problems; else a sweep may still be due. */
  readonly hasBeenSwept: boolean
}

const PROBLEMS_SHOWN_MAX = 10_000

/**
 * Looks whether the store is whole: each object and part has its bytes, each blob belongs to exactly one of them, and the usage of each bucket is
 * the sum of what lies in it. Goes on behind what is damaged, and writes down which objects are; those that are whole again are struck off. Holds
 * one page at a time, whatever the size of the store. Servers may work on the store meanwhile: what seems wrong is looked at again, and is no
 * problem when it was changed.
 */
export async function verifyStore(context: ServiceContext, options: VerifyOptions): Promise<StoreReport> {
  await context.damage.refresh()
  const check = new StoreCheck(context, options)
  await check.run()
  return check.report()
}

class StoreCheck {
  readonly #context: ServiceContext
  readonly #options: VerifyOptions
  readonly #problems: string[] = []
  readonly #counts = {
    buckets: 0,
    versions: 0,
    parts: 0,
    blobs: 0,
    blobBytes: 0,
    bodiesRead: 0,
    problems: 0,
  }
  #referencesSeen = 0

  constructor(context: ServiceContext, options: VerifyOptions) {
    this.#context = context
    this.#options = options
  }

  async run(): Promise<void> {
    const { metadata } = this.#context
    const isAlone = await this.#isAlone()
    for await (const { value } of entriesPastDamage(metadata, bucketsRange(), this.#onDamagedRecord)) {
      this.#counts.buckets++
      const bucket = bucketCodec.decode(value)
      await this.#pastUnreadable(`bucket ${bucket.name}`, () => this.#checkBucket(bucket))
    }
    await this.#pastUnreadable('blobs', () => this.#checkBlobs(isAlone))
  }

  /** A part of the metadata that the disk cannot read ends the check of what needs it, and no other. */
  async #pastUnreadable(what: string, check: () => Promise<void>): Promise<void> {
    try {
      await check()
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error
      this.#problem(`${what}: ${error.message}`)
    }
  }

  report(): StoreReport {
    const { problems, ...counts } = this.#counts
    return { ...counts, problemCount: problems, problems: this.#problems }
  }

  #problem(text: string): void {
    if (++this.#counts.problems <= PROBLEMS_SHOWN_MAX) this.#problems.push(text)
  }

  readonly #onDamagedRecord = async (error: DamagedRecord): Promise<void> => {
    this.#problem(error.message)
    await this.#context.damage.noteRecord(error)
  }

  /** The counters of its bucket are told of damaged versions, all at once. */
  readonly #noteDamagedVersion = async (error: DamagedRecord): Promise<void> => {
    // What the disk cannot read may be several, and is written down as none of them.
    if (error.version === '') this.#problem(error.message)
    await this.#context.damage.noteRecord(error)
  }

  async #checkBucket(bucket: BucketRecord): Promise<void> {
    const { metadata } = this.#context
    const { bucketId, name } = bucket
    for (const range of [objectsRange(bucketId), versionsRange(bucketId)])
      for await (const entry of entriesPastDamage(metadata, range, this.#noteDamagedVersion)) {
        this.#counts.versions++
        await this.#pastUnreadable(`bucket ${name}`, () => this.#checkVersion(bucket, entry))
      }
    for await (const entry of entriesPastDamage(metadata, uploadsRange(bucketId), this.#onDamagedRecord)) {
      const { uploadId, closed } = uploadCodec.decode(entry.value)
      for await (const part of entriesPastDamage(metadata, partsRange(uploadId), this.#onDamagedRecord)) {
        this.#counts.parts++
        const { partNumber, blobId } = partCodec.decode(part.value)
        // The part of a completed upload still counts, but its blob belongs to the object already.
        if (blobId === undefined || closed?.keptPartNumbers.includes(partNumber)) continue
        const where = `bucket ${name}, upload ${uploadId}, part ${partNumber}`
        this.#referencesSeen++
        const missing = await this.#missingReferences([blobId])
        let fault = missing.length > 0 ? `blob ${blobId} has no reference` : null
        if (fault === null && this.#options.readsBodies) fault = await this.#storedFault(blobId)
        if (fault !== null && (await isUnchanged(this.#context.metadata, part)))
          this.#problem(`${where}: ${fault}`)
      }
    }
    await this.#pastUnreadable(`usage of bucket ${name}`, async () => {
      const fault = await compareCounts(this.#context, bucket)
      if (fault !== null) this.#problem(fault)
    })
  }

  async #storedFault(blobId: string): Promise<string | null> {
    try {
      await readStored(this.#context, blobId)
      return null
    } catch (error) {
      if (isDamage(error)) return error.message
      throw error
    }
  }

  async #checkVersion(bucket: BucketRecord, entry: Entry): Promise<void> {
    const { damage } = this.#context
    const { bucketId, name } = bucket
    const object = decodeObject(entry.value)
    const { order, versionId } = object.record
    const key = parseObjectRowKey(entry.key)?.key ?? ''
    const where = `bucket ${name}, object ${JSON.stringify(key)}, version ${versionId}`
    const blobIds = blobsOfObject(object)
    this.#referencesSeen += blobIds.length
    const missing = await this.#missingReferences(blobIds)
    const readsBody = missing.length === 0 && this.#options.readsBodies
    const wrong = readsBody ? await wrongBytes(this.#context, object) : null
    if (readsBody) this.#counts.bodiesRead++
    const version = { bucketId, key, order, versionId }
    if (missing.length === 0 && wrong === null) {
      if (readsBody) await damage.strikeOff(version)
      return
    }
    if (!(await isUnchanged(this.#context.metadata, entry))) return
    for (const blobId of missing) this.#problem(`${where}: blob ${blobId} has no reference`)
    if (wrong === null) return
    this.#problem(`${where}: ${wrong.message}`)
    await damage.noteBytes(version, wrong)
  }

  /** Which of the blobs lack their reference. */
  async #missingReferences(blobIds: readonly string[]): Promise<readonly string[]> {
    if (blobIds.length === 0) return []
    const entries = await this.#context.metadata.getMany(blobIds.map(blobReferenceKey))
    return blobIds.filter((_, index) => !entries[index])
  }

  /** References and blobs side by side, both in order of id. */
  async #checkBlobs(wasAlone: boolean): Promise<void> {
    const { metadata, blobs } = this.#context
    let references = 0
    const ids = referencedBlobs(this.#context, this.#onDamagedRecord)
    for await (const { left: id, right: blob } of mergeAscending(ids, allBlobs(blobs), (left, right) =>
      compareText(left, right.id),
    )) {
      if (id !== undefined) references++
      if (blob) {
        this.#counts.blobs++
        this.#counts.blobBytes += blob.sizeBytes
      }
      if (id !== undefined && !blob && (await this.#isMissing(id)))
        this.#problem(`blob ${id} is referred to and does not exist`)
      if (id !== undefined || !blob || !this.#options.hasBeenSwept) continue
      const [lease] = await metadata.getMany([writerLeaseKey(writerIdOf(blob.id))])
      if (!lease) this.#problem(`blob ${blob.id} is an orphan: nothing refers to it and its writer is gone`)
    }
    const inRemovedBuckets = references - this.#referencesSeen
    // Others that write meanwhile change both numbers between the two counts.
    if (!wasAlone || !(await this.#isAlone())) return
    if (inRemovedBuckets < 0)
      this.#problem(`${-inRemovedBuckets} references to blobs are shared by several objects or parts`)
    else if (inRemovedBuckets > 0 && this.#options.hasBeenSwept)
      this.#problem(`${inRemovedBuckets} references to blobs belong to no object and no part`)
  }

  /** Whether a blob is referred to and not there, after it seemed so in listings that were read one after the other. */
  async #isMissing(id: string): Promise<boolean> {
    const { metadata, blobs } = this.#context
    const found = await blobs.list({ prefix: id, limit: 1 })
    if (found[0]?.id === id) return false
    const [reference] = await metadata.getMany([blobReferenceKey(id)])
    return reference !== null && reference !== undefined
  }

  /** Whether no other process has a lease to write blobs. */
  async #isAlone(): Promise<boolean> {
    const own = (await this.#context.blobLedger.ifOpen)?.writerId
    const leases = await this.#context.metadata.scan({ ...writerLeasesRange(), limit: 2, keysOnly: true })
    return leases.every(({ key }) => own !== undefined && key.equals(writerLeaseKey(own)))
  }
}

async function* referencedBlobs(
  { metadata }: ServiceContext,
  onDamaged: (error: DamagedRecord) => Promise<void>,
): AsyncGenerator<string> {
  for await (const { key } of entriesPastDamage(metadata, blobReferencesRange(), onDamaged))
    yield readTextPart(key, 1).text
}
