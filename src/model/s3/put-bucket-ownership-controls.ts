import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { OwnershipControls } from './shapes/ownership.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets the rule of object ownership. */
export const putBucketOwnershipControls = operation('PutBucketOwnershipControls', {
  http: { method: 'PUT', target: 'bucket', query: 'ownershipControls' },
  rights: [right('s3:PutBucketOwnershipControls', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    OwnershipControls: requiredPayload(OwnershipControls, 'OwnershipControls'),
  }),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
