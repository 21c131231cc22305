import type { Change } from '../../storage/metadata-store.ts'
import type { Admission } from '../admission.ts'
import { bucketTurn, commitRetrying } from '../commit.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
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
 * refuse; the record it was given means that nothing changes. Throws S3's `NoSuchBucket` and `InvalidAccessKeyId` when those are gone.
 */
export async function changeS3Bucket(
  context: ServiceContext,
  admission: Admission,
  change: (record: BucketRecord) => BucketRecord | Promise<CheckedChange>,
): Promise<BucketRecord> {
  const { credential, bucket } = admission
  const key = bucketKey(bucket.record.name)
  return commitRetrying(context, bucketTurn(bucket.record.name), async () => {
    const [entry, credentialEntry] = await context.metadata.getMany(
      credential ? [key, credential.key] : [key],
    )
    if (credential && !credentialEntry) throw new ServiceError('InvalidAccessKeyId')
    const current = entry ? bucketCodec.decode(entry.value) : null
    if (!entry || current?.bucketId !== bucket.record.bucketId) throw new ServiceError('NoSuchBucket')
    const decided = change(current)
    const { record: changed, checks } =
      decided instanceof Promise ? await decided : { record: decided, checks: [] }
    return {
      change: {
        checks: [
          { key, version: entry.version },
          ...(credentialEntry ? [{ key: credentialEntry.key, version: credentialEntry.version }] : []),
          ...checks,
        ],
        sets: changed === current ? [] : [{ key, value: bucketCodec.encode(changed) }],
      },
      result: changed,
    }
  })
}
