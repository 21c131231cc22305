import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { BooleanValue, bucketInAddress } from './shapes/primitives.ts'

/** Tells whether the policy makes a bucket public. */
export const getBucketPolicyStatus = operation('GetBucketPolicyStatus', {
  http: { method: 'GET', target: 'bucket', query: 'policyStatus' },
  rights: [right('s3:GetBucketPolicyStatus', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ PolicyStatus: payload(structure({ IsPublic: BooleanValue }), 'PolicyStatus') }),
  errors: [],
})
