import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inHeader, payload } from '../bindings.ts'
import { givenAclErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import { AccessControlPolicy, BucketCannedAcl, bucketGrantHeaders } from '../shapes/acl.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { bucketInAddress } from '../shapes/primitives.ts'

/** Shows the access control list of a bucket. */
export const getBucketAcl = operation('GetBucketAcl', {
  http: { method: 'GET', target: 'bucket', query: 'acl' },
  rights: [right('s3:GetBucketAcl', 'bucket')],
  input: structure({
    ...bucketInAddress,
  }),
  output: structure({ AccessControlPolicy: payload(AccessControlPolicy, 'AccessControlPolicy') }),
  errors: [],
})

/** Sets the access control list of a bucket. */
export const putBucketAcl = operation('PutBucketAcl', {
  http: { method: 'PUT', target: 'bucket', query: 'acl', malformedCode: 'MalformedACLError' },
  rights: [right('s3:PutBucketAcl', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    ACL: inHeader('x-amz-acl', BucketCannedAcl),
    ...bucketGrantHeaders,
    AccessControlPolicy: payload(AccessControlPolicy, 'AccessControlPolicy'),
  }),
  output: structure({}),
  errors: givenAclErrors,
})
