import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets the rule of object ownership back. */
export const deleteBucketOwnershipControls = operation('DeleteBucketOwnershipControls', {
  http: { method: 'DELETE', target: 'bucket', query: 'ownershipControls', status: 204 },
  rights: [right('s3:PutBucketOwnershipControls', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
