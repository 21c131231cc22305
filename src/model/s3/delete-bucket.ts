import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Deletes an empty bucket; for account keys only. */
export const deleteBucket = operation('DeleteBucket', {
  http: { method: 'DELETE', target: 'bucket', status: 204 },
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket', 'BucketNotEmpty'],
})
