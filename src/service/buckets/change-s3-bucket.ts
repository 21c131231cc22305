import type { Change } from '../../storage/metadata-store.ts'
import type { Admission } from '../admission.ts'
import { bucketTurn, commitRetrying } from '../commit.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey } from '../keyspace.ts'
import { admittedChecks, readmit } from '../readmit.ts'
import { bucketCodec } from '../records/bucket.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** A changed record, and what besides the bucket must still be as it was read when the change is stored. */
interface CheckedChange {
  readonly record: BucketRecord
  readonly checks: NonNullable<Change['checks']>
}

/**
 * Changes a bucket's settings on behalf of a data-plane request. `change` may be called again when another writer came between, and throws to
 * refuse; the record it was given means that nothing changes. Throws S3's `NoSuchBucket` and `InvalidAccessKeyId` when those are gone, and
 * `AccessDenied` when the right to change them is.
 */
export async function changeS3Bucket(
  context: ServiceContext,
  admission: Admission,
  change: (record: BucketRecord) => BucketRecord | Promise<CheckedChange>,
): Promise<BucketRecord> {
  return commitRetrying(context, bucketTurn(admission.bucket.record.name), async () => {
    const admitted = await readmit(context, admission)
    const { record: current } = admitted.bucket
    const decided = change(current)
    const { record: changed, checks } =
      decided instanceof Promise ? await decided : { record: decided, checks: [] }
    return {
      change: {
        checks: [...admittedChecks(admitted), ...checks],
        sets:
          changed === current ? [] : [{ key: bucketKey(current.name), value: bucketCodec.encode(changed) }],
      },
      result: changed,
    }
  })
}
