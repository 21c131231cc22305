import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import { bucketTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey } from '../keyspace.ts'
import { operationRecordSets } from '../operation-records/new-operation-record.ts'
import { bucketCodec } from '../records/bucket.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { OperationRecord } from '../records/operation.ts'
import { getOwnBucket } from './own-bucket.ts'

/** What a change makes of a bucket; the same record object when only the operation is to be noted. */
interface BucketChange<O> {
  readonly record: BucketRecord
  readonly operation: O
  /** Other records that must be as they were read. */
  readonly checks?: Change['checks']
}

/**
 * Changes one of the caller's buckets together with the operation record that tells of it. `change` may be called again when another
 * writer came between, and throws to refuse. Throws `NoSuchBucket` when the caller has no such bucket.
 */
export async function changeBucket<O extends OperationRecord | null>(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  change: (record: BucketRecord) => BucketChange<O> | Promise<BucketChange<O>>,
): Promise<BucketChange<O>> {
  return await commitForCaller(context, caller, bucketTurn(bucketName), async () => {
    const bucket = await getOwnBucket(context, caller, bucketName)
    const changed = await change(bucket.record)
    const key = bucketKey(bucketName)
    const isChanged = changed.record !== bucket.record
    return {
      change: {
        checks: [{ key, version: bucket.version }, ...(changed.checks ?? [])],
        sets: [
          ...(isChanged ? [{ key, value: bucketCodec.encode(changed.record) }] : []),
          ...(changed.operation ? operationRecordSets(changed.operation) : []),
        ],
      },
      result: changed,
    }
  })
}
