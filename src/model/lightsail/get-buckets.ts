import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { AccountLevelBpaSync, BucketList } from './shapes/bucket.ts'
import { BooleanValue, BucketName, StringValue } from './shapes/primitives.ts'

export const getBuckets = operation('GetBuckets', {
  input: structure(
    {
      bucketName: BucketName,
      pageToken: StringValue,
      includeConnectedResources: BooleanValue,
      includeCors: BooleanValue,
    },
    { name: 'GetBucketsRequest' },
  ),
  output: structure(
    { buckets: BucketList, nextPageToken: StringValue, accountLevelBpaSync: AccountLevelBpaSync },
    { name: 'GetBucketsResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
