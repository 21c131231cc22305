import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inHeader, payload, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { POLICY_BYTES_MAX } from '../shapes/policy.ts'
import { BooleanValue, bucketInAddress, StringValue } from '../shapes/primitives.ts'

/** Shows the policy. */
export const getBucketPolicy = operation('GetBucketPolicy', {
  http: { method: 'GET', target: 'bucket', query: 'policy' },
  rights: [right('s3:GetBucketPolicy', 'bucket')],
  input: structure(bucketInAddress),
  // The document as its owner wrote it: JSON, not XML.
  output: structure({ Policy: payload(StringValue) }),
  errors: ['NoSuchBucketPolicy'],
})

/** Tells whether the policy makes a bucket public. */
export const getBucketPolicyStatus = operation('GetBucketPolicyStatus', {
  http: { method: 'GET', target: 'bucket', query: 'policyStatus' },
  rights: [right('s3:GetBucketPolicyStatus', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ PolicyStatus: payload(structure({ IsPublic: BooleanValue }), 'PolicyStatus') }),
  errors: ['NoSuchBucketPolicy'],
})

/** Sets the policy. */
export const putBucketPolicy = operation('PutBucketPolicy', {
  http: {
    method: 'PUT',
    target: 'bucket',
    query: 'policy',
    status: 204,
    documentBytesMax: POLICY_BYTES_MAX,
  },
  rights: [right('s3:PutBucketPolicy', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    ConfirmRemoveSelfBucketAccess: inHeader('x-amz-confirm-remove-self-bucket-access', BooleanValue),
    Policy: requiredPayload(StringValue),
  }),
  output: structure({}),
  errors: ['MalformedPolicy'],
})

/** Takes the policy away. */
export const deleteBucketPolicy = operation('DeleteBucketPolicy', {
  http: { method: 'DELETE', target: 'bucket', query: 'policy', status: 204 },
  rights: [right('s3:DeleteBucketPolicy', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: [],
})
