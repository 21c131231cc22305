import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Deletes an empty bucket; for account keys only. */
export const deleteBucket = operation('DeleteBucket', {
  http: { method: 'DELETE', target: 'bucket', status: 204 },
  rights: [right('s3:DeleteBucket', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket', 'BucketNotEmpty'],
})
