import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { Tagging } from './shapes/tag.ts'
import { bucketInAddress } from './shapes/primitives.ts'

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
  errors: ['NoSuchBucket'],
})
