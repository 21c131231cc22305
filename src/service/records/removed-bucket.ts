import { recordCodec } from './codec.ts'

/** A bucket that is gone for everyone, while what lay in it is still being removed. */
interface RemovedBucketRecord {
  readonly bucketId: string
  readonly name: string
  readonly accountId: string
  readonly removedAt: number
}

/** The stored form of the memory of a removed bucket. */
export const removedBucketCodec = recordCodec<RemovedBucketRecord>('removed bucket', 1)
