import { StoreUnavailable } from '../../storage/metadata-store.ts'
import type { Admission, StoredBucket } from '../admission.ts'
import type { Caller } from '../caller.ts'
import { commitAdmitted } from '../commit/commit-admitted.ts'
import { bucketTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import type { BucketUse } from '../errors/bucket.ts'
import { DomainError } from '../errors/domain-error.ts'
import { bucketKey } from '../keyspace.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { OperationRecord } from '../records/operation.ts'
import { getOwnBucket, ownBuckets } from './own-bucket.ts'
import { purgeRemovedBucket } from './purge-removed-bucket.ts'
import { readKeySlots, removalOf } from './remove-bucket.ts'
import type { KeySlots } from './remove-bucket.ts'
import { findLockedVersion, watchLocks } from './watch-locks.ts'

/** What of a bucket's content is removed before the response; the rest follows in the background. */
const PURGED_AT_ONCE = { batchesMax: 10 }

/**
 * Deletes a bucket. Without `forceDelete` it must hold no object and no version, have no access key and no attached resource, and be no other
 * bucket's log destination, else `BucketInUse` names each reason. With it, all of that goes too, unless a version is locked: then
 * nothing goes, and `BucketHoldsLockedVersion` names it. Throws `NoSuchBucket`.
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
      whenNotEmpty: () => new DomainError('BucketInUse', { bucketName, uses: [{ by: 'content' }] }),
    }
  })
  await purgeAtOnce(context, bucketId)
  return operation
}

/**
 * Deletes a bucket as S3's DeleteBucket does: it must hold no object and no version; its access keys, uploads in progress and settings go
 * with it. Throws `NoSuchBucket` (also when another bucket took the name meanwhile) and `BucketNotEmpty`; what {@link commitAdmitted} throws.
 */
export async function deleteS3Bucket(context: ServiceContext, admission: Admission): Promise<void> {
  const { name, bucketId } = admission.bucket.record
  await commitAdmitted(context, admission, bucketTurn(name), async (bucket) => ({
    change: removalOf(context, bucket, await readKeySlots(context, bucketId), true),
    result: undefined,
    whenNotEmpty: () => new DomainError('BucketNotEmpty', { bucketName: name }),
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
  const { key, record, lock } = locked
  const retention = lock === 'legal hold' ? undefined : record.retention
  throw new DomainError('BucketHoldsLockedVersion', {
    bucketName: bucket.record.name,
    objectKey: key,
    versionId: record.versionId,
    mode: retention?.mode ?? null,
    retainUntil: retention?.retainUntil ?? null,
  })
}

async function refuseInUse(
  context: ServiceContext,
  caller: Caller,
  record: BucketRecord,
  slots: KeySlots,
): Promise<void> {
  const uses: BucketUse[] = []
  if (slots.accessKeyIds.length > 0) uses.push({ by: 'access-keys' })
  if (record.receivers.length > 0) uses.push({ by: 'resources' })
  for await (const { record: other } of ownBuckets(context, caller)) {
    if (other.name !== record.name && other.accessLog?.destination === record.name) {
      uses.push({ by: 'access-log', of: other.name })
      break
    }
  }
  if (uses.length > 0) throw new DomainError('BucketInUse', { bucketName: record.name, uses })
}
