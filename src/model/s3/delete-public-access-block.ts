import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Opens every way of making a bucket public. */
export const deletePublicAccessBlock = operation('DeletePublicAccessBlock', {
  http: { method: 'DELETE', target: 'bucket', query: 'publicAccessBlock', status: 204 },
  rights: [right('s3:PutBucketPublicAccessBlock', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
