import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { Tagging } from './shapes/tag.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows the tags of a bucket. */
export const getBucketTagging = operation('GetBucketTagging', {
  http: { method: 'GET', target: 'bucket', query: 'tagging' },
  rights: [right('s3:GetBucketTagging', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ Tagging: payload(Tagging, 'Tagging') }),
  errors: ['NoSuchTagSet'],
})
