import { readTextPart } from '../../base/key.ts'
import { writerIdOf } from '../../service/blobs/blob-writer-id.ts'
import type { ServiceContext } from '../../service/context.ts'
import {
  blobReferenceKey,
  blobReferencesRange,
  bucketsRange,
  objectsRange,
  partsRange,
  uploadsRange,
  versionsRange,
  writerLeaseKey,
} from '../../service/keyspace.ts'
import { blobsOfObject } from '../../service/bodies/object-blobs.ts'
import { bucketCodec, type BucketRecord } from '../../service/records/bucket.ts'
import { decodeObject } from '../../service/records/object.ts'
import { partCodec, uploadCodec } from '../../service/records/upload.ts'
import { readUsage, type Usage } from '../../service/usage/usage.ts'
import { allBlobs, allEntries, compareText, mergeAscending } from './store-content.ts'
import { wrongBytes } from './verify-bytes.ts'

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

const PROBLEMS_SHOWN_MAX = 50

/**
 * Looks whether the store is whole: each object and part has its bytes, each blob belongs to exactly one of them, and the usage of each bucket is
 * the sum of what lies in it. Holds one page at a time, whatever the size of the store. Nobody may write meanwhile.
 */
export async function verifyStore(context: ServiceContext, options: VerifyOptions): Promise<StoreReport> {
  const check = new StoreCheck(context, options)
  await check.run()
  return check.report()
}

class StoreCheck {
  readonly #context: ServiceContext
  readonly #options: VerifyOptions
  readonly #problems: string[] = []
  readonly #counts = { buckets: 0, versions: 0, parts: 0, blobs: 0, blobBytes: 0, bodiesRead: 0, problems: 0 }
  #referencesSeen = 0

  constructor(context: ServiceContext, options: VerifyOptions) {
    this.#context = context
    this.#options = options
  }

  async run(): Promise<void> {
    const { metadata } = this.#context
    for await (const { value } of allEntries(metadata, bucketsRange())) {
      this.#counts.buckets++
      await this.#checkBucket(bucketCodec.decode(value))
    }
    await this.#checkBlobs()
  }

  report(): StoreReport {
    const { problems, ...counts } = this.#counts
    return { ...counts, problemCount: problems, problems: this.#problems }
  }

  #problem(text: string): void {
    if (++this.#counts.problems <= PROBLEMS_SHOWN_MAX) this.#problems.push(text)
  }

  async #checkBucket(bucket: BucketRecord): Promise<void> {
    const { metadata } = this.#context
    const { bucketId, name } = bucket
    const found = { sizeBytes: 0, objects: 0 }
    for (const range of [objectsRange(bucketId), versionsRange(bucketId)]) {
      for await (const { key, value } of allEntries(metadata, range)) {
        this.#counts.versions++
        const object = decodeObject(value)
        found.sizeBytes += object.record.sizeBytes
        found.objects += 1
        const where = `bucket ${name}, record ${key
          .subarray(1)
          .toString('latin1')
          .replace(/[^ -~]/g, '.')}`
        const missing = await this.#checkReferences(blobsOfObject(object), where)
        if (missing > 0 || !this.#options.readsBodies) continue
        this.#counts.bodiesRead++
        const wrong = await wrongBytes(this.#context, object)
        if (wrong !== null) this.#problem(`${where}: ${wrong}`)
      }
    }
    for await (const { value } of allEntries(metadata, uploadsRange(bucketId))) {
      const { uploadId, closed } = uploadCodec.decode(value)
      for await (const { value: part } of allEntries(metadata, partsRange(uploadId))) {
        this.#counts.parts++
        const { partNumber, sizeBytes, blobId } = partCodec.decode(part)
        found.sizeBytes += sizeBytes
        found.objects += 1
        // The part of a completed upload still counts, but its blob belongs to the object already.
        if (closed?.keptPartNumbers.includes(partNumber)) continue
        const where = `bucket ${name}, upload ${uploadId}, part ${partNumber}`
        await this.#checkReferences(blobId === undefined ? [] : [blobId], where)
      }
    }
    this.#checkUsage(name, found, await readUsage(metadata, bucketId))
  }

  #checkUsage(name: string, found: Usage, counted: Usage): void {
    if (found.sizeBytes === counted.sizeBytes && found.objects === counted.objects) return
    this.#problem(
      `bucket ${name}: usage says ${counted.objects} objects of ${counted.sizeBytes} bytes, there are ${found.objects} of ${found.sizeBytes}`,
    )
  }

  /** How many of the blobs of a record lack their reference. */
  async #checkReferences(blobIds: readonly string[], where: string): Promise<number> {
    if (blobIds.length === 0) return 0
    this.#referencesSeen += blobIds.length
    const entries = await this.#context.metadata.getMany(blobIds.map(blobReferenceKey))
    const missing = blobIds.filter((_, index) => !entries[index])
    for (const blobId of missing) this.#problem(`${where}: blob ${blobId} has no reference`)
    return missing.length
  }

  /** References and blobs side by side, both in order of id. */
  async #checkBlobs(): Promise<void> {
    const { metadata, blobs } = this.#context
    let references = 0
    const pairs = mergeAscending(referencedBlobs(this.#context), allBlobs(blobs), (id, blob) =>
      compareText(id, blob.id),
    )
    for await (const { left: id, right: blob } of pairs) {
      if (id !== undefined) references++
      if (blob) {
        this.#counts.blobs++
        this.#counts.blobBytes += blob.sizeBytes
      }
      if (id !== undefined && !blob) this.#problem(`blob ${id} is referred to and does not exist`)
      if (id !== undefined || !blob || !this.#options.hasBeenSwept) continue
      const [lease] = await metadata.getMany([writerLeaseKey(writerIdOf(blob.id))])
      if (!lease) this.#problem(`blob ${blob.id} is an orphan: nothing refers to it and its writer is gone`)
    }
    const inRemovedBuckets = references - this.#referencesSeen
    if (inRemovedBuckets < 0)
      this.#problem(`${-inRemovedBuckets} references to blobs are shared by several objects or parts`)
    else if (inRemovedBuckets > 0 && this.#options.hasBeenSwept)
      this.#problem(`${inRemovedBuckets} references to blobs belong to no object and no part`)
  }
}

async function* referencedBlobs({ metadata }: ServiceContext): AsyncGenerator<string> {
  for await (const { key } of allEntries(metadata, blobReferencesRange())) yield readTextPart(key, 1).text
}
