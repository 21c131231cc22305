import { getOwnBucket } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import { bucketTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import { accessKeySlotKey, lastUsedKey } from '../keyspace.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import { readBucketKey } from './bucket-key.ts'

/**
 * Deletes an access key of the bucket: it opens nothing from the moment this resolves, and writes it began do not commit. Throws
 * `NoSuchBucket`, and `NoSuchAccessKey` for a key that is not this bucket's.
 */
export async function deleteAccessKey(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  accessKeyId: string,
): Promise<OperationRecord> {
  return commitForCaller(context, caller, bucketTurn(bucketName), async () => {
    const { record } = await getOwnBucket(context, caller, bucketName)
    const { entry, record: credential } = await readBucketKey(context, record, accessKeyId)
    const { key } = entry
    const operation = newOperationRecord(context, caller, bucketName, 'DeleteBucketAccessKey', accessKeyId)
    return {
      change: {
        checks: [{ key, version: entry.version }],
        sets: operationRecordSets(operation),
        deletes: [key, accessKeySlotKey(record.bucketId, credential.slot), lastUsedKey(accessKeyId)],
      },
      result: operation,
    }
  })
}
