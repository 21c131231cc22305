import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { bucketInAddress, StringValue } from './shapes/primitives.ts'

/** Shows the policy. */
export const getBucketPolicy = operation('GetBucketPolicy', {
  http: { method: 'GET', target: 'bucket', query: 'policy' },
  rights: [right('s3:GetBucketPolicy', 'bucket')],
  input: structure(bucketInAddress),
  // The document as its owner wrote it: JSON, not XML.
  output: structure({ Policy: payload(StringValue) }),
  errors: ['NoSuchBucketPolicy'],
})
