import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { PublicAccessBlockConfiguration } from './shapes/public-access-block.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows which ways of making a bucket public are shut. */
export const getPublicAccessBlock = operation('GetPublicAccessBlock', {
  http: { method: 'GET', target: 'bucket', query: 'publicAccessBlock' },
  rights: [right('s3:GetBucketPublicAccessBlock', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({
    PublicAccessBlockConfiguration: payload(PublicAccessBlockConfiguration, 'PublicAccessBlockConfiguration'),
  }),
  errors: ['NoSuchPublicAccessBlockConfiguration'],
})
