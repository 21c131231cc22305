import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { PublicAccessBlockConfiguration } from './shapes/public-access-block.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shuts ways of making a bucket public. */
export const putPublicAccessBlock = operation('PutPublicAccessBlock', {
  http: { method: 'PUT', target: 'bucket', query: 'publicAccessBlock' },
  rights: [right('s3:PutBucketPublicAccessBlock', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    PublicAccessBlockConfiguration: requiredPayload(
      PublicAccessBlockConfiguration,
      'PublicAccessBlockConfiguration',
    ),
  }),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
