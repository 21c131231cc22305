import { keyAfter, readTextPart } from '../../base/key.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { KEYS_PER_COMMIT_ADVISED, type DamagedRecord, type Entry } from '../../storage/metadata-store.ts'
import type { BlobLedger } from '../blobs/blob-ledger.ts'
import type { ServiceContext } from '../context.ts'
import { scanToDamage, type PageToDamage } from '../damage/past-damage.ts'
import {
  blobReferenceKey,
  bucketKeyNamesRange,
  dailyUsageRange,
  nullVersionsRange,
  objectsRange,
  partsRange,
  removedBucketKey,
  removedBucketsRange,
  uploadsRange,
  usageRange,
  versionsRange,
} from '../keyspace.ts'
import { lockOf } from '../locks/lock-rules.ts'
import { blobsOfObject } from '../bodies/object-blobs.ts'
import { decodeObject } from '../records/object-codec.ts'
import { partCodec, uploadCodec } from '../records/upload.ts'
import { Round } from '../round.ts'

interface Range {
  readonly start: Buffer
  readonly end: Buffer
}

/** The blobs that go with a row; null: the row stays. */
type BlobsOf = (entry: Entry) => readonly BlobId[] | null

interface PurgeOptions {
  /** Stop after this many batches; the rest stays for the next call. */
  readonly batchesMax?: number
  readonly signal?: AbortSignal
}

const RECORDS_PER_BATCH = 100
/** Objects of many parts name many blobs; a commit's change stays below this many deletions, one such object aside. */
const DELETES_PER_COMMIT = KEYS_PER_COMMIT_ADVISED
const REMOVED_BUCKETS_PER_PAGE = 100
const DAYS_MAX = 2 ** 32

/**
 * Removes what removed buckets left behind, bucket by bucket; returns how many are done with. For the background: stopping in the middle is
 * harmless, and so is running on several servers at once. Rejects at the end when it failed for some; the others have had their turn.
 */
export async function purgeRemovedBuckets(
  context: ServiceContext,
  options: PurgeOptions = {},
): Promise<number> {
  const round = new Round(options.signal)
  const { end } = removedBucketsRange()
  let { start } = removedBucketsRange()
  let done = 0
  for (;;) {
    // Their keys tell all that is needed, be the records damaged.
    const page = { start, end, limit: REMOVED_BUCKETS_PER_PAGE, keysOnly: true }
    const entries = await context.metadata.scan(page)
    for (const { key } of entries) {
      const bucketId = readTextPart(key, 1).text
      await round.attempt(`removed bucket ${bucketId}`, async () => {
        if (await purgeRemovedBucket(context, bucketId, options)) done++
      })
    }
    const last = entries.at(-1)
    if (!last || entries.length < REMOVED_BUCKETS_PER_PAGE) break
    start = keyAfter(last.key)
  }
  round.finish()
  return done
}

/**
 * Removes the objects, versions, uploads and counters of one removed bucket in bounded batches; true when nothing is left and the bucket is
 * forgotten. A batch forgets the records and the references to their blobs in one commit; the blobs go once nobody reads them. Locked versions,
 * which a bucket that is removed today does not hold, stay until their lock ends. Records that are damaged go without the blobs that they named. Ends early when many blobs wait to be removed already.
 */
export async function purgeRemovedBucket(
  context: ServiceContext,
  bucketId: string,
  { batchesMax = Infinity, signal }: PurgeOptions = {},
): Promise<boolean> {
  const purge = new Purge(context, await context.blobLedger.open(), batchesMax, signal)
  const nowMs = context.clock.now()
  const blobsOfVersion: BlobsOf = ({ value }) => {
    const version = decodeObject(value)
    return lockOf(version.record, nowMs) === null ? blobsOfObject(version) : null
  }
  for (const range of [objectsRange(bucketId), versionsRange(bucketId)]) {
    if (!(await purge.removeRange(range, blobsOfVersion))) return false
  }
  const isUploadsEmpty = await purge.removeRange(uploadsRange(bucketId), () => [], {
    before: async ({ value }) => {
      const { uploadId, closed } = uploadCodec.decode(value)
      // The blobs of the parts that a completion took belong to its object, and went or stayed with it.
      const kept = new Set(closed?.keptPartNumbers)
      return await purge.removeRange(partsRange(uploadId), ({ value: part }) => {
        const { partNumber, blobId } = partCodec.decode(part)
        return blobId === undefined || kept.has(partNumber) ? [] : [blobId]
      })
    },
  })
  if (!isUploadsEmpty || purge.keptRows > 0) return false
  for (const range of [
    nullVersionsRange(bucketId),
    bucketKeyNamesRange(bucketId),
    usageRange(bucketId),
    dailyUsageRange(bucketId, 0, DAYS_MAX),
  ]) {
    if (!(await purge.removeRange(range, () => []))) return false
  }
  await context.metadata.commit({ deletes: [removedBucketKey(bucketId)] })
  return true
}

/** Removes rows, range by range, with a bound on all of them together. */
class Purge {
  /** Rows that had to stay. */
  keptRows = 0
  readonly #context: ServiceContext
  readonly #ledger: BlobLedger
  readonly #signal: AbortSignal | undefined
  #batchesLeft: number

  constructor(
    context: ServiceContext,
    ledger: BlobLedger,
    batchesMax: number,
    signal: AbortSignal | undefined,
  ) {
    this.#context = context
    this.#ledger = ledger
    this.#batchesLeft = batchesMax
    this.#signal = signal
  }

  /** Removes the rows that need not stay; false when it stopped before the end. `before` is done with each row's neighbours first. */
  async removeRange(
    { start, end }: Range,
    blobsOf: BlobsOf,
    { before }: { readonly before?: (entry: Entry) => Promise<boolean> } = {},
  ): Promise<boolean> {
    for (let from: Buffer | null = start; from;) {
      this.#signal?.throwIfAborted()
      const page: PageToDamage = await scanToDamage(this.#context.metadata, {
        start: from,
        end,
        limit: RECORDS_PER_BATCH,
      })
      const { entries, damaged, next } = page
      if (entries.length === 0 && !damaged) return true
      if (this.#batchesLeft <= 0 || !this.#ledger.hasRoom) return false
      for (const entry of before ? entries : []) if (!(await before?.(entry))) return false
      this.#batchesLeft--
      await this.#removeBatch(entries, blobsOf)
      if (damaged) await this.#removeDamaged(damaged)
      from = next
    }
    return true
  }

  async #removeDamaged(damaged: DamagedRecord): Promise<void> {
    await this.#context.damage.noteRecord(damaged)
    await this.#context.metadata.commit({ deletes: [damaged.key] })
  }

  async #removeBatch(entries: readonly Entry[], blobsOf: BlobsOf): Promise<void> {
    let deletes: Buffer[] = []
    let blobIds: BlobId[] = []
    const flush = async () => {
      if (deletes.length === 0) return
      await this.#context.metadata.commit({ deletes })
      this.#ledger.release(blobIds)
      deletes = []
      blobIds = []
    }
    for (const entry of entries) {
      const ids = blobsOf(entry)
      if (!ids) {
        this.keptRows++
        continue
      }
      if (deletes.length + ids.length + 1 > DELETES_PER_COMMIT) await flush()
      deletes.push(entry.key, ...ids.map(blobReferenceKey))
      blobIds.push(...ids)
    }
    await flush()
  }
}
