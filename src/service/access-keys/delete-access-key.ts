import { getOwnBucket } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import { bucketTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import { accessKeySlotKey, lastUsedKey, retirementKey } from '../keyspace.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import { credentialCodec, type BucketCredential } from '../records/credential.ts'
import { isRetiring } from '../retirement/retirement.ts'
import { readKeySlots } from '../buckets/remove-bucket.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { readBucketKey, readKeyOfSlot, staying } from './bucket-key.ts'

/**
 * Deletes an access key of the bucket: it opens nothing from the moment this resolves, and writes it began do not commit. A key that is retiring for this
 * one stays then. Throws `NoSuchBucket`, and `NoSuchAccessKey` for a key that is not this bucket's.
 */
export async function deleteAccessKey(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  accessKeyId: string,
): Promise<OperationRecord> {
  return await commitForCaller(context, caller, bucketTurn(bucketName), async () => {
    const { record } = await getOwnBucket(context, caller, bucketName)
    const { entry, record: credential } = await readBucketKey(context, record, accessKeyId)
    const { key } = entry
    const retiring = await readRetiring(context, record, credential)
    const operation = newOperationRecord(context, caller, bucketName, 'DeleteBucketAccessKey', accessKeyId)
    return {
      change: {
        checks: [
          { key, version: entry.version },
          ...(retiring ? [{ key: retiring.entry.key, version: retiring.entry.version }] : []),
        ],
        sets: [
          ...operationRecordSets(operation),
          ...(retiring
            ? [{ key: retiring.entry.key, value: credentialCodec.encode(staying(retiring.record)) }]
            : []),
        ],
        deletes: [
          key,
          accessKeySlotKey(record.bucketId, credential.slot),
          lastUsedKey(accessKeyId),
          retirementKey(accessKeyId),
        ],
      },
      result: operation,
    }
  })
}

/** The other key of the bucket, when this one is its successor and it still counts. */
async function readRetiring(context: ServiceContext, bucket: BucketRecord, successor: BucketCredential) {
  const { accessKeyIds } = await readKeySlots(context, bucket.bucketId)
  const otherId = accessKeyIds.find((id) => id !== successor.accessKeyId)
  if (otherId === undefined) return null
  const other = await readKeyOfSlot(context, bucket.bucketId, otherId)
  const { retirement } = other.record
  const isItsOwn = retirement?.successorId === successor.accessKeyId
  return isItsOwn && isRetiring(retirement, context.clock.now()) ? other : null
}
