import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Takes the policy away. */
export const deleteBucketPolicy = operation('DeleteBucketPolicy', {
  http: { method: 'DELETE', target: 'bucket', query: 'policy', status: 204 },
  rights: [right('s3:DeleteBucketPolicy', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
