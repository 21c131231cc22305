import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Takes the tags of a bucket away. */
export const deleteBucketTagging = operation('DeleteBucketTagging', {
  http: { method: 'DELETE', target: 'bucket', query: 'tagging', status: 204 },
  rights: [right('s3:PutBucketTagging', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
