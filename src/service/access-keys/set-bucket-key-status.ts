import { getOwnBucket } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { bucketTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import { credentialCodec, type BucketCredential } from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { isRetiring } from '../retirement/retirement.ts'
import { readBucketKey, staying } from './bucket-key.ts'

interface ChangedKey {
  readonly accessKey: BucketCredential
  readonly operation: OperationRecord
}

/**
 * Switches an access key of the bucket off or on: an Inactive one opens nothing from the moment this resolves, and writes it began do not commit.
 * Throws `NoSuchBucket`, and `NoSuchAccessKey` for a key that is not this bucket's.
 */
export async function setBucketKeyStatus(
  context: ServiceContext,
  caller: Caller,
  change: Pick<BucketCredential, 'bucketName' | 'accessKeyId' | 'status'>,
): Promise<ChangedKey> {
  const { bucketName, accessKeyId, status } = change
  return await commitForCaller(context, caller, bucketTurn(bucketName), async () => {
    const { record: bucket } = await getOwnBucket(context, caller, bucketName)
    const { entry, record } = await readBucketKey(context, bucket, accessKeyId)
    const { key, version } = entry
    const { retirement } = record
    const isOver = retirement !== undefined && !isRetiring(retirement, context.clock.now())
    // Whoever switches a key on that has retired wants to keep it.
    const accessKey = { ...(status === 'Active' && isOver ? staying(record) : record), status }
    const details = `${accessKeyId}: ${status}`
    const operation = newOperationRecord(context, caller, bucketName, 'UpdateBucket', details)
    return {
      change: {
        checks: [{ key, version }],
        sets: [{ key, value: credentialCodec.encode(accessKey) }, ...operationRecordSets(operation)],
      },
      result: { accessKey, operation },
    }
  })
}
