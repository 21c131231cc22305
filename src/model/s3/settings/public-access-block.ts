import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { payload, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { BooleanValue, bucketInAddress } from '../shapes/primitives.ts'

/** Which ways of making a bucket public are shut; all are open when absent. */
const PublicAccessBlockConfiguration = structure(
  {
    BlockPublicAcls: BooleanValue,
    IgnorePublicAcls: BooleanValue,
    BlockPublicPolicy: BooleanValue,
    RestrictPublicBuckets: BooleanValue,
  },
  { name: 'PublicAccessBlockConfiguration' },
)

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
  errors: [],
})

/** Opens every way of making a bucket public. */
export const deletePublicAccessBlock = operation('DeletePublicAccessBlock', {
  http: { method: 'DELETE', target: 'bucket', query: 'publicAccessBlock', status: 204 },
  rights: [right('s3:PutBucketPublicAccessBlock', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: [],
})
