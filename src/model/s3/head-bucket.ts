import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader } from './bindings.ts'
import { right } from './right.ts'
import { bucketInAddress, StringValue } from './shapes/primitives.ts'

/** Tells whether a bucket is there and open to the caller. */
export const headBucket = operation('HeadBucket', {
  http: { method: 'HEAD', target: 'bucket' },
  rights: [right('s3:ListBucket', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({
    BucketRegion: inHeader('x-amz-bucket-region', StringValue),
  }),
  errors: ['NoSuchBucket'],
})
