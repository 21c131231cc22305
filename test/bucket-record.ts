import type { BucketRecord } from '../src/service/records/bucket.ts'

/** A new bucket as it is stored: private, without versions, of Lightsail's origin; with the changes that a test needs. */
export const bucketRecord = (changes: Partial<BucketRecord> = {}): BucketRecord => ({
  bucketId: 'bucket-id',
  name: 'bucket',
  accountId: '123456789012',
  region: 'us-east-1',
  createdAt: 0,
  origin: 'lightsail',
  bundleId: 'small_1_0',
  accessRules: { getObject: 'private', allowPublicOverrides: false },
  versioning: 'NeverEnabled',
  readonlyAccessAccounts: [],
  receivers: [],
  tags: [],
  ...changes,
})
