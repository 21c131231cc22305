import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Takes the CORS rules away. */
export const deleteBucketCors = operation('DeleteBucketCors', {
  http: { method: 'DELETE', target: 'bucket', query: 'cors', status: 204 },
  rights: [right('s3:PutBucketCORS', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
