import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { OwnershipControls } from './shapes/ownership.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows the rule of object ownership. */
export const getBucketOwnershipControls = operation('GetBucketOwnershipControls', {
  http: { method: 'GET', target: 'bucket', query: 'ownershipControls' },
  rights: [right('s3:GetBucketOwnershipControls', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ OwnershipControls: payload(OwnershipControls, 'OwnershipControls') }),
  errors: ['OwnershipControlsNotFoundError'],
})
