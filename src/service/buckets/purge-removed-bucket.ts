import { decodeRecord } from '../../base/record.ts'
import { KEYS_PER_COMMIT_ADVISED, type Entry } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import {
  blobReferenceKey,
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
import type { ObjectRecord, PartLayout } from '../records/object.ts'
import { removedBucketCodec } from '../records/removed-bucket.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'
import { Round } from '../round.ts'

interface Range {
  readonly start: Buffer
  readonly end: Buffer
}

interface PurgeOptions {
  /** Stop after this many batches; the rest stays for the next call. */
  readonly batchesMax?: number
  readonly signal?: AbortSignal
}

const RECORDS_PER_BATCH = 100
/** Objects of many parts name many blobs; a commit's change stays below this many deletions, one such object aside. */
const DELETES_PER_COMMIT = KEYS_PER_COMMIT_ADVISED
const REMOVED_BUCKETS_PER_ROUND = 100
const DAYS_MAX = 2 ** 32

/**
 * Removes what removed buckets left behind, bucket by bucket; returns how many are done with. For the background: stopping in the middle is
 * harmless, and so is running on several servers at once. Rejects at the end when it failed for some; the others have had their turn.
 */
export async function purgeRemovedBuckets(
  context: ServiceContext,
  options: PurgeOptions = {},
): Promise<number> {
  const entries = await context.metadata.scan({ ...removedBucketsRange(), limit: REMOVED_BUCKETS_PER_ROUND })
  const round = new Round(options.signal)
  let done = 0
  for (const { value } of entries) {
    const { bucketId } = removedBucketCodec.decode(value)
    await round.attempt(`removed bucket ${bucketId}`, async () => {
      if (await purgeRemovedBucket(context, bucketId, options)) done++
    })
  }
  round.finish()
  return done
}

/**
 * Removes the objects, versions, uploads and counters of one removed bucket in bounded batches; true when nothing is left and the bucket is
 * forgotten. A batch first forgets the records and the references to their blobs in one commit, then removes the blobs; a crash between the two
 * leaves blobs without reference, which the sweeper removes.
 */
export async function purgeRemovedBucket(
  context: ServiceContext,
  bucketId: string,
  { batchesMax = Infinity, signal }: PurgeOptions = {},
): Promise<boolean> {
  let batchesLeft = batchesMax
  const purge = async (range: Range, blobsOf: (entry: Entry) => readonly string[]): Promise<boolean> => {
    for (;;) {
      signal?.throwIfAborted()
      const entries = await context.metadata.scan({ ...range, limit: RECORDS_PER_BATCH })
      if (entries.length === 0) return true
      if (batchesLeft-- <= 0) return false
      await purgeBatch(context, entries, blobsOf)
    }
  }

  for (const range of [objectsRange(bucketId), versionsRange(bucketId)]) {
    if (!(await purge(range, blobsOfVersion))) return false
  }
  for (;;) {
    const uploads = await context.metadata.scan({ ...uploadsRange(bucketId), limit: RECORDS_PER_BATCH })
    if (uploads.length === 0) break
    if (batchesLeft <= 0) return false
    for (const upload of uploads) {
      const { uploadId } = decodeRecord<UploadRecord>(upload.value).fields
      if (!(await purge(partsRange(uploadId), blobsOfPart))) return false
    }
    batchesLeft--
    await context.metadata.commit({ deletes: uploads.map(({ key }) => key) })
  }
  for (const range of [
    nullVersionsRange(bucketId),
    usageRange(bucketId),
    dailyUsageRange(bucketId, 0, DAYS_MAX),
  ]) {
    if (!(await purge(range, () => []))) return false
  }
  await context.metadata.commit({ deletes: [removedBucketKey(bucketId)] })
  return true
}

async function purgeBatch(
  context: ServiceContext,
  entries: readonly Entry[],
  blobsOf: (entry: Entry) => readonly string[],
): Promise<void> {
  let deletes: Buffer[] = []
  let blobs: string[] = []
  const flush = async () => {
    if (deletes.length === 0) return
    await context.metadata.commit({ deletes })
    if (blobs.length > 0) await context.blobs.delete(blobs)
    deletes = []
    blobs = []
  }
  for (const entry of entries) {
    const ids = blobsOf(entry)
    if (deletes.length + ids.length + 1 > DELETES_PER_COMMIT) await flush()
    deletes.push(entry.key, ...ids.map(blobReferenceKey))
    blobs.push(...ids)
  }
  await flush()
}

function blobsOfVersion({ value }: Entry): string[] {
  const { fields, tail } = decodeRecord<ObjectRecord>(value)
  if (fields.blob) return [fields.blob.id]
  if (fields.body !== 'parts') return []
  const { parts } = JSON.parse(tail.toString('utf8')) as PartLayout
  return parts.flatMap(({ blobId }) => (blobId === undefined ? [] : [blobId]))
}

function blobsOfPart({ value }: Entry): string[] {
  const { blobId } = decodeRecord<PartRecord>(value).fields
  return blobId === undefined ? [] : [blobId]
}
