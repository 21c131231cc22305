import type { Entry } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { credentialKey } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { credentialCodec, type BucketCredential } from '../records/credential.ts'

interface StoredBucketKey {
  readonly entry: Entry
  readonly record: BucketCredential
}

/** Reads an access key of a bucket. Throws `NoSuchAccessKey` for one that is not this bucket's. */
export async function readBucketKey(
  context: ServiceContext,
  bucket: Pick<BucketRecord, 'name' | 'bucketId'>,
  accessKeyId: string,
): Promise<StoredBucketKey> {
  const [entry] = await context.metadata.getMany([credentialKey(accessKeyId)])
  const record = entry ? credentialCodec.decode(entry.value) : null
  if (!entry || record?.type !== 'bucket-key' || record.bucketId !== bucket.bucketId) {
    throw new DomainError('NoSuchAccessKey', { bucketName: bucket.name })
  }
  return { entry, record }
}

/** The key as one that does not retire. */
export function staying({
  retirement: _retirement,
  validUntil: _validUntil,
  ...record
}: BucketCredential): BucketCredential {
  return record
}
