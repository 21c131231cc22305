import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets the default encryption back. */
export const deleteBucketEncryption = operation('DeleteBucketEncryption', {
  http: { method: 'DELETE', target: 'bucket', query: 'encryption', status: 204 },
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
