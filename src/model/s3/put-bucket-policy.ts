import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { BooleanValue, bucketInAddress, StringValue } from './shapes/primitives.ts'

/** Sets the policy. */
export const putBucketPolicy = operation('PutBucketPolicy', {
  // S3 takes policies of up to 20 KB.
  http: { method: 'PUT', target: 'bucket', query: 'policy', status: 204, documentBytesMax: 20 * 1024 },
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
