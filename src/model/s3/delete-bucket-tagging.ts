import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Takes the tags of a bucket away. */
export const deleteBucketTagging = operation('DeleteBucketTagging', {
  http: { method: 'DELETE', target: 'bucket', query: 'tagging', status: 204 },
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
