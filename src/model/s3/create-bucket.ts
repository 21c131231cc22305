import { operation } from '../operation.ts'
import { enumeration, structure } from '../shape.ts'
import { inHeader, payload } from './bindings.ts'
import { BucketCannedAcl, bucketGrantHeaders } from './shapes/acl.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { ObjectOwnership } from './shapes/ownership.ts'
import { BooleanValue, bucketInAddress, StringValue } from './shapes/primitives.ts'
import { TagSet } from './shapes/tag.ts'

/** Where and what directory buckets are; known so that it is refused for what it is. */
const Unoffered = structure({ Type: StringValue, Name: StringValue, DataRedundancy: StringValue })

/** Makes a bucket; for account keys only. */
export const createBucket = operation('CreateBucket', {
  http: { method: 'PUT', target: 'bucket' },
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    ACL: inHeader('x-amz-acl', BucketCannedAcl),
    ...bucketGrantHeaders,
    ObjectLockEnabledForBucket: inHeader('x-amz-bucket-object-lock-enabled', BooleanValue),
    ObjectOwnership: inHeader('x-amz-object-ownership', ObjectOwnership),
    BucketNamespace: inHeader('x-amz-bucket-namespace', enumeration(['global'])),
    CreateBucketConfiguration: payload(
      structure({ LocationConstraint: StringValue, Location: Unoffered, Bucket: Unoffered, Tags: TagSet }),
      'CreateBucketConfiguration',
    ),
  }),
  output: structure({ Location: inHeader('location', StringValue) }),
  errors: ['BucketAlreadyExists', 'BucketAlreadyOwnedByYou'],
})
