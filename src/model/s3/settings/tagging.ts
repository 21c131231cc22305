import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { payload, requiredPayload } from '../bindings.ts'
import { tagErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { bucketInAddress } from '../shapes/primitives.ts'
import { Tagging } from '../shapes/tag.ts'

/** Shows the tags of a bucket. */
export const getBucketTagging = operation('GetBucketTagging', {
  http: { method: 'GET', target: 'bucket', query: 'tagging' },
  rights: [right('s3:GetBucketTagging', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ Tagging: payload(Tagging, 'Tagging') }),
  errors: ['NoSuchTagSet'],
})

/** Sets the tags of a bucket. */
export const putBucketTagging = operation('PutBucketTagging', {
  http: { method: 'PUT', target: 'bucket', query: 'tagging', status: 204 },
  rights: [right('s3:PutBucketTagging', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    Tagging: requiredPayload(Tagging, 'Tagging'),
  }),
  output: structure({}),
  errors: tagErrors,
})

/** Takes the tags of a bucket away. */
export const deleteBucketTagging = operation('DeleteBucketTagging', {
  http: { method: 'DELETE', target: 'bucket', query: 'tagging', status: 204 },
  rights: [right('s3:PutBucketTagging', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: [],
})
