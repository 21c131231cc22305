import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader } from './bindings.ts'
import { bucketInAddress, StringValue } from './shapes/primitives.ts'

export const headBucket = operation('HeadBucket', {
  http: { method: 'HEAD', target: 'bucket' },
  input: structure(bucketInAddress),
  output: structure({
    BucketRegion: inHeader('x-amz-bucket-region', StringValue),
  }),
  errors: ['NoSuchBucket'],
})
