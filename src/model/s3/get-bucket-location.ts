import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { bucketInAddress, StringValue } from './shapes/primitives.ts'

/** Shows the region of a bucket. */
export const getBucketLocation = operation('GetBucketLocation', {
  http: { method: 'GET', target: 'bucket', query: 'location' },
  rights: [right('s3:GetBucketLocation', 'bucket')],
  input: structure(bucketInAddress),
  // Empty for us-east-1, as S3 has it.
  output: structure({ LocationConstraint: payload(StringValue, 'LocationConstraint') }),
  errors: ['NoSuchBucket'],
})
