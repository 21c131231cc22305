import type { Admission } from '../admission.ts'
import { commitRetrying } from '../commit.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import type { BucketRecord } from '../records/bucket.ts'

/**
 * Changes a bucket's settings on behalf of a data-plane request. `change` may be called again when another writer came between, and throws to
 * refuse; the record it was given means that nothing changes. Throws S3's `NoSuchBucket` and `InvalidAccessKeyId` when those are gone.
 */
export async function changeS3Bucket(
  context: ServiceContext,
  admission: Admission,
  change: (record: BucketRecord) => BucketRecord,
): Promise<BucketRecord> {
  const { credential, bucket } = admission
  const key = bucketKey(bucket.record.name)
  return commitRetrying(context, async () => {
    const [entry, credentialEntry] = await context.metadata.getMany(
      credential ? [key, credential.key] : [key],
    )
    if (credential && credentialEntry?.version !== credential.version)
      throw new ServiceError('InvalidAccessKeyId')
    const current = entry ? bucketCodec.decode(entry.value) : null
    if (!entry || current?.bucketId !== bucket.record.bucketId) throw new ServiceError('NoSuchBucket')
    const changed = change(current)
    return {
      change: {
        checks: [{ key, version: entry.version }, ...(credential ? [credential] : [])],
        sets: changed === current ? [] : [{ key, value: bucketCodec.encode(changed) }],
      },
      result: changed,
    }
  })
}
