import { KEYS_PER_COMMIT_ADVISED, StoreUnavailable } from '../../storage/metadata-store.ts'
import type { Attempt } from '../commit/attempt.ts'
import { BucketChange } from '../commit/bucket-change.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import { closedUploadTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { partsRange } from '../keyspace.ts'
import { uploadCodec } from '../records/upload.ts'
import { storedPart, storedUpload } from './upload-rows.ts'
import type { StoredUpload } from './upload-rows.ts'

/** Part rows removed by one commit, each perhaps with its blob's reference: others go on meanwhile. What else such a commit names are fewer than ten keys. */
const PARTS_PER_COMMIT = (KEYS_PER_COMMIT_ADVISED - 10) / 2

/** Adds to a change that an upload is over. The blobs of the parts named belong to the object then; finishClosedUpload removes the rest. */
export function closeUpload(
  change: BucketChange,
  upload: StoredUpload,
  keptPartNumbers: readonly number[],
): void {
  change.checks.push({ key: upload.storeKey, version: upload.version })
  change.sets.push({
    key: upload.storeKey,
    value: uploadCodec.encode({ ...upload.record, closed: { keptPartNumbers } }),
  })
}

/**
 * Removes what is left of an upload that is over: part rows, blobs that no object took, at last the upload's own row. May be stopped at any
 * point and begun again, by several at once too: each part is accounted for once.
 */
export async function finishClosedUpload(
  context: ServiceContext,
  bucketId: string,
  uploadKey: Buffer,
): Promise<void> {
  const turn = closedUploadTurn(uploadKey)
  while (!(await commitInTurn(context, turn, () => removeParts(context, bucketId, uploadKey)))) continue
}

/** Removes some parts, with the last ones the upload; whether that was all. */
async function removeParts(
  context: ServiceContext,
  bucketId: string,
  uploadKey: Buffer,
): Promise<Attempt<boolean>> {
  const [uploadEntry] = await context.metadata.getMany([uploadKey])
  const upload = uploadEntry ? storedUpload(uploadEntry) : null
  if (!upload?.record.closed) return { change: null, result: true }
  const { uploadId, closed } = upload.record
  const kept = new Set(closed.keptPartNumbers)
  const entries = await context.metadata.scan({ ...partsRange(uploadId), limit: PARTS_PER_COMMIT })
  const change = new BucketChange(bucketId)
  for (const entry of entries) {
    const { storeKey, version, record } = storedPart(entry)
    change.countRemoved(entry.value)
    change.checks.push({ key: storeKey, version })
    change.deletes.push(storeKey)
    change.bytesDelta -= record.sizeBytes
    change.objectsDelta -= 1
    if (record.blobId !== undefined && !kept.has(record.partNumber)) change.releasedBlobs.push(record.blobId)
  }
  const isLast = entries.length < PARTS_PER_COMMIT
  if (isLast) {
    change.checks.push({ key: uploadKey, version: upload.version })
    change.deletes.push(uploadKey)
  }
  return { change, result: isLast }
}

/** As {@link finishClosedUpload}, where the request has its response already: a store that fails now leaves the rest to the sweeper. */
export async function tryFinishClosedUpload(
  context: ServiceContext,
  bucketId: string,
  uploadKey: Buffer,
): Promise<void> {
  try {
    await finishClosedUpload(context, bucketId, uploadKey)
  } catch (error) {
    if (!(error instanceof StoreUnavailable || isDomainError(error, 'RecordBusy'))) throw error
  }
}
