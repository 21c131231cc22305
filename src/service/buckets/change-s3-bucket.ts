import type { Change } from '../../storage/metadata-store.ts'
import type { Admission } from '../admission.ts'
import { commitAdmitted } from '../commit/commit-admitted.ts'
import { bucketTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** A changed record, and what besides the bucket must still be as it was read when the change is stored. */
interface CheckedChange {
  readonly record: BucketRecord
  readonly checks: NonNullable<Change['checks']>
}

/**
 * Changes a bucket's settings on behalf of a data-plane request. `change` may be called again when another writer came between, and throws to
 * refuse; the record it was given means that nothing changes. Throws as {@link commitAdmitted}.
 */
export async function changeS3Bucket(
  context: ServiceContext,
  admission: Admission,
  change: (record: BucketRecord) => BucketRecord | Promise<CheckedChange>,
): Promise<BucketRecord> {
  const turn = bucketTurn(admission.bucket.record.name)
  return await commitAdmitted(context, admission, turn, async (current) => {
    const decided = change(current)
    const { record: changed, checks } =
      decided instanceof Promise ? await decided : { record: decided, checks: [] }
    const key = bucketKey(current.name)
    return {
      change: { checks, sets: changed === current ? [] : [{ key, value: bucketCodec.encode(changed) }] },
      result: changed,
    }
  })
}
