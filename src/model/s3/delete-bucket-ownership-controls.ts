import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { bucketInAddress } from './shapes/primitives.ts'

export const deleteBucketOwnershipControls = operation('DeleteBucketOwnershipControls', {
  http: { method: 'DELETE', target: 'bucket', query: 'ownershipControls', status: 204 },
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
