import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { payload, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { OwnershipControls } from '../shapes/ownership.ts'
import { bucketInAddress } from '../shapes/primitives.ts'

/** Shows the rule of object ownership. */
export const getBucketOwnershipControls = operation('GetBucketOwnershipControls', {
  http: { method: 'GET', target: 'bucket', query: 'ownershipControls' },
  rights: [right('s3:GetBucketOwnershipControls', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ OwnershipControls: payload(OwnershipControls, 'OwnershipControls') }),
  errors: ['OwnershipControlsNotFoundError'],
})

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
  errors: ['InvalidBucketAclWithObjectOwnership'],
})

/** Sets the rule of object ownership back. */
export const deleteBucketOwnershipControls = operation('DeleteBucketOwnershipControls', {
  http: { method: 'DELETE', target: 'bucket', query: 'ownershipControls', status: 204 },
  rights: [right('s3:PutBucketOwnershipControls', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: [],
})
