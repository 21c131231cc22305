import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Takes the lifecycle rules away. */
export const deleteBucketLifecycle = operation('DeleteBucketLifecycle', {
  http: { method: 'DELETE', target: 'bucket', query: 'lifecycle', status: 204 },
  rights: [right('s3:PutLifecycleConfiguration', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
