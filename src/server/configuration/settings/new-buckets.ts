import { choice } from '../setting.ts'

/** How new buckets start. */
export const newBucketsSettings = {
  newBucketDefaults: choice({
    group: 'New buckets',
    option: 'new-bucket-defaults',
    choices: ['current', 'legacy'],
    default: 'current',
    doc: 'How buckets made by S3’s CreateBucket start. `current`, as in S3 since 2023: ACLs are off (`BucketOwnerEnforced`), all public access is blocked, and objects are encrypted (`AES256`). `legacy`, as in S3 before: ACLs count, nothing is blocked or encrypted. Buckets that exist, and those that Lightsail’s CreateBucket makes, are the same with both.',
  }),
} as const
