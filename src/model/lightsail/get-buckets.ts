import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { AccountLevelBpaSync, BucketList } from './shapes/bucket.ts'
import { BooleanValue, BucketName, StringValue } from './shapes/primitives.ts'

/** Shows one bucket, or all of the region page by page. */
export const getBuckets = operation('GetBuckets', {
  doc: 'Shows the buckets of the region that is called, or one of them.',
  input: structure(
    {
      bucketName: optional(BucketName, { doc: 'The one bucket to show. All are shown without it.' }),
      pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }),
      includeConnectedResources: optional(BooleanValue, {
        doc: 'Whether to show the resources that have access to each bucket.',
      }),
      includeCors: optional(BooleanValue, {
        doc: 'Whether to show the CORS rules; only together with a bucket name.',
      }),
    },
    { name: 'GetBucketsRequest' },
  ),
  output: structure(
    { buckets: BucketList, nextPageToken: StringValue, accountLevelBpaSync: AccountLevelBpaSync },
    { name: 'GetBucketsResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
