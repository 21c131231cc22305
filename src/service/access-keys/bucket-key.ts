import type { Entry } from '../../storage/metadata-store.ts'
import { StaleRead } from '../commit/attempt.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { credentialKey } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { credentialCodec, type BucketCredential } from '../records/credential.ts'

interface StoredBucketKey {
  readonly entry: Entry
  readonly record: BucketCredential
}

/** Reads an access key of a bucket that a request names. Throws `NoSuchAccessKey` for one that is not this bucket's. */
export async function readBucketKey(
  context: ServiceContext,
  bucket: Pick<BucketRecord, 'name' | 'bucketId'>,
  accessKeyId: string,
): Promise<StoredBucketKey> {
  const stored = await findBucketKey(context, bucket.bucketId, accessKeyId)
  if (!stored) throw new DomainError('NoSuchAccessKey', { bucketName: bucket.name })
  return stored
}

/** Reads an access key that a slot of the bucket named a moment ago. Throws StaleRead when it was deleted meanwhile. */
export async function readKeyOfSlot(
  context: ServiceContext,
  bucketId: string,
  accessKeyId: string,
): Promise<StoredBucketKey> {
  const stored = await findBucketKey(context, bucketId, accessKeyId)
  if (!stored) throw new StaleRead()
  return stored
}

async function findBucketKey(
  context: ServiceContext,
  bucketId: string,
  accessKeyId: string,
): Promise<StoredBucketKey | null> {
  const [entry] = await context.metadata.getMany([credentialKey(accessKeyId)])
  const record = entry ? credentialCodec.decode(entry.value) : null
  return entry && record?.type === 'bucket-key' && record.bucketId === bucketId ? { entry, record } : null
}

/** The key as one that does not retire. */
export function staying({
  retirement: _retirement,
  validUntil: _validUntil,
  ...record
}: BucketCredential): BucketCredential {
  return record
}
