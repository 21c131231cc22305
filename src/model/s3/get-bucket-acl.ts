import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { AccessControlPolicy } from './shapes/acl.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows the access control list of a bucket. */
export const getBucketAcl = operation('GetBucketAcl', {
  http: { method: 'GET', target: 'bucket', query: 'acl' },
  rights: [right('s3:GetBucketAcl', 'bucket')],
  input: structure({
    ...bucketInAddress,
  }),
  output: structure({ AccessControlPolicy: payload(AccessControlPolicy, 'AccessControlPolicy') }),
  errors: ['NoSuchBucket'],
})
