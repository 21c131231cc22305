import { ENCRYPTION_ALGORITHM } from '../../model/s3/shapes/encryption.ts'
import type { BucketRecord } from '../records/bucket.ts'

type Encryption = NonNullable<BucketRecord['encryption']>

/** What is said of a bucket's encryption; what is absent stays as it was. */
interface DefaultEncryption {
  /** New objects are to be encrypted by the server's own keys. */
  readonly isAsked: boolean
  readonly hasBucketKey?: boolean | undefined
  readonly blockedType?: Encryption['blockedType']
}

/** The bucket that encrypts new objects from now on, unless they say otherwise. */
export function withDefaultEncryption(record: BucketRecord, asked: DefaultEncryption): BucketRecord {
  const { startedWith, blockedType: before, bucketKeyEnabled } = record.encryption ?? {}
  const blockedType = asked.blockedType ?? before
  // A bucket key spares calls to a key management service: beside AES256 it changes nothing, and is only told again.
  const hasBucketKey = asked.hasBucketKey ?? (!asked.isAsked && bucketKeyEnabled)
  return {
    ...record,
    encryption: {
      // What S3 encrypts each bucket's objects by, whose setting says nothing else.
      algorithm: ENCRYPTION_ALGORITHM,
      ...(hasBucketKey === true && { bucketKeyEnabled: true as const }),
      ...(blockedType && { blockedType }),
      ...(startedWith && { startedWith: asked.isAsked ? 'replaced' : startedWith }),
    },
  }
}

/**
 * The bucket with what it was made with: S3 encrypts each object of its buckets. Otherwise new objects are stored as they are from now on.
 */
export function withoutDefaultEncryption({ encryption, ...record }: BucketRecord): BucketRecord {
  if (!encryption?.startedWith) return record
  return { ...record, encryption: { algorithm: encryption.algorithm, startedWith: 'in force' } }
}
