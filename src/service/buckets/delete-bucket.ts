import { StoreUnavailable } from '../../storage/metadata-store.ts'
import type { Admission, StoredBucket } from '../admission.ts'
import type { Caller } from '../caller.ts'
import { commitAdmitted } from '../commit/commit-admitted.ts'
import { bucketTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { bucketKey } from '../keyspace.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { OperationRecord } from '../records/operation.ts'
import { getOwnBucket, ownBuckets } from './own-bucket.ts'
import { purgeRemovedBucket } from './purge-removed-bucket.ts'
import { readKeySlots, removalOf } from './remove-bucket.ts'
import type { KeySlots } from './remove-bucket.ts'
import { describeLock, findLockedVersion, watchLocks } from './watch-locks.ts'

/** What of a bucket's content is removed before the answer; the rest follows in the background. */
const PURGED_AT_ONCE = { batchesMax: 10 }

/**
 * Deletes a bucket. Without `forceDelete` it must hold no object and no version, have no access key and no attached resource, and be no other
 * bucket's log destination, else `InvalidInputException` names each reason. With it, all of that goes too, unless a version is locked: then
 * nothing goes, and `InvalidInputException` names it. Throws `NotFoundException`.
 */
export async function deleteBucket(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  forceDelete: boolean,
): Promise<OperationRecord> {
  const { operation, bucketId } = await commitForCaller(context, caller, bucketTurn(bucketName), async () => {
    const read = () => getOwnBucket(context, caller, bucketName)
    const bucket = forceDelete ? await watchLocks(context, read) : await read()
    if (forceDelete) await refuseLocked(context, bucket)
    const slots = await readKeySlots(context, bucket.record.bucketId)
    if (!forceDelete) await refuseInUse(context, caller, bucket.record, slots)
    const operation = newOperationRecord(context, caller, bucketName, 'DeleteBucket')
    const change = removalOf(context, bucket.record, slots, !forceDelete)
    return {
      change: {
        ...change,
        checks: [...(change.checks ?? []), { key: bucketKey(bucketName), version: bucket.version }],
        sets: [...(change.sets ?? []), ...operationRecordSets(operation)],
      },
      result: { operation, bucketId: bucket.record.bucketId },
      whenNotEmpty: () => inUse(bucketName, ['it holds objects or versions of objects']),
    }
  })
  await purgeAtOnce(context, bucketId)
  return operation
}

/**
 * Deletes a bucket as S3's DeleteBucket does: it must hold no object and no version; its access keys, uploads in progress and settings go
 * with it. Throws S3's `NoSuchBucket` (also when another bucket took the name meanwhile) and `BucketNotEmpty`; what {@link commitAdmitted} throws.
 */
export async function deleteS3Bucket(context: ServiceContext, admission: Admission): Promise<void> {
  const { name, bucketId } = admission.bucket.record
  await commitAdmitted(context, admission, bucketTurn(name), async (bucket) => ({
    change: removalOf(context, bucket, await readKeySlots(context, bucketId), true),
    result: undefined,
    whenNotEmpty: () => new ServiceError('BucketNotEmpty', undefined, { details: { bucketName: name } }),
  }))
  await purgeAtOnce(context, bucketId)
}

/** The bucket is gone, whatever the stores say from now on: what they do not take now is left to the background. */
async function purgeAtOnce(context: ServiceContext, bucketId: string): Promise<void> {
  try {
    await purgeRemovedBucket(context, bucketId, PURGED_AT_ONCE)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
  }
}

/** Looks after the watch was set: a version that is locked after it was looked at makes the commit fail, and all is decided anew. */
async function refuseLocked(context: ServiceContext, bucket: StoredBucket): Promise<void> {
  const locked = await findLockedVersion(context, bucket)
  if (!locked) return
  throw new ServiceError(
    'InvalidInputException',
    `The bucket ${bucket.record.name} cannot be deleted, by force neither: object lock keeps what it holds; ${describeLock(locked)}. Nothing was deleted.`,
  )
}

async function refuseInUse(
  context: ServiceContext,
  caller: Caller,
  record: BucketRecord,
  slots: KeySlots,
): Promise<void> {
  const reasons: string[] = []
  if (slots.accessKeyIds.length > 0) reasons.push('it has access keys')
  if (record.receivers.length > 0) reasons.push('resources are attached to it')
  for await (const { record: other } of ownBuckets(context, caller)) {
    if (other.name !== record.name && other.accessLog?.destination === record.name) {
      reasons.push(`it is the access log destination of ${other.name}`)
      break
    }
  }
  if (reasons.length > 0) throw inUse(record.name, reasons)
}

function inUse(bucketName: string, reasons: readonly string[]): ServiceError {
  return new ServiceError(
    'InvalidInputException',
    `The bucket ${bucketName} cannot be deleted: ${reasons.join(', and ')}. Use forceDelete to delete it all the same.`,
  )
}
