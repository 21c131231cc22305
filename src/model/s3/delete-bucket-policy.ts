import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Takes the policy away. */
export const deleteBucketPolicy = operation('DeleteBucketPolicy', {
  http: { method: 'DELETE', target: 'bucket', query: 'policy', status: 204 },
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
