import { operation } from '../../operation.ts'
import { enumeration, structure } from '../../shape.ts'
import { inHeader, payload } from '../bindings.ts'
import { givesAcl } from '../new-object-rights.ts'
import { right, type RightCondition, rightWhen } from '../right.ts'
import { BucketCannedAcl, bucketGrantHeaders } from '../shapes/acl.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { ObjectOwnership } from '../shapes/ownership.ts'
import { BooleanValue, bucketInAddress, StringValue } from '../shapes/primitives.ts'
import { TagSet } from '../shapes/tag.ts'

/** Where and what directory buckets are; known so that it is refused for what it is. */
const Unoffered = structure({ Type: StringValue, Name: StringValue, DataRedundancy: StringValue })

const hasObjectLock: RightCondition<{ readonly ObjectLockEnabledForBucket?: boolean | undefined }> = {
  says: 'x-amz-bucket-object-lock-enabled is true',
  holds: ({ ObjectLockEnabledForBucket }) => ObjectLockEnabledForBucket === true,
}

/** Makes a bucket; for account keys only. */
export const createBucket = operation('CreateBucket', {
  http: { method: 'PUT', target: 'bucket' },
  rights: [
    right('s3:CreateBucket', 'service'),
    rightWhen(givesAcl, 's3:PutBucketAcl', { on: 'service' }),
    rightWhen(hasObjectLock, 's3:PutBucketObjectLockConfiguration', { on: 'service' }),
    rightWhen(hasObjectLock, 's3:PutBucketVersioning', { on: 'service' }),
    rightWhen<{ readonly ObjectOwnership?: string | undefined }>(
      {
        says: 'x-amz-object-ownership is given',
        holds: ({ ObjectOwnership }) => ObjectOwnership !== undefined,
      },
      's3:PutBucketOwnershipControls',
      { on: 'service' },
    ),
    rightWhen<{
      readonly CreateBucketConfiguration?: { readonly Tags?: readonly unknown[] | undefined } | undefined
    }>(
      {
        says: 'the document has Tags',
        holds: ({ CreateBucketConfiguration }) => CreateBucketConfiguration?.Tags !== undefined,
      },
      's3:PutBucketTagging',
      { on: 'service' },
    ),
  ],
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
  output: structure({
    Location: inHeader('location', StringValue),
    BucketArn: inHeader('x-amz-bucket-arn', StringValue),
  }),
  errors: [
    'AccessControlListNotSupported',
    'BadRequest',
    'BucketAlreadyExists',
    'BucketAlreadyOwnedByYou',
    'IllegalLocationConstraintException',
    'InvalidBucketAclWithBlockPublicAccessError',
    'InvalidBucketAclWithObjectOwnership',
    'InvalidLocationConstraint',
    'InvalidTag',
    'TooManyBuckets',
    'UnresolvableGrantByEmailAddress',
  ],
})

/** Tells whether a bucket is there and open to the caller. */
export const headBucket = operation('HeadBucket', {
  http: { method: 'HEAD', target: 'bucket' },
  rights: [right('s3:ListBucket', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({
    BucketArn: inHeader('x-amz-bucket-arn', StringValue),
    BucketRegion: inHeader('x-amz-bucket-region', StringValue),
  }),
  errors: [],
})

/** Shows the region of a bucket. */
export const getBucketLocation = operation('GetBucketLocation', {
  http: { method: 'GET', target: 'bucket', query: 'location' },
  rights: [right('s3:GetBucketLocation', 'bucket')],
  input: structure(bucketInAddress),
  // Empty for us-east-1, as S3 has it.
  output: structure({ LocationConstraint: payload(StringValue, 'LocationConstraint') }),
  errors: [],
})

/** Deletes an empty bucket; for account keys only. */
export const deleteBucket = operation('DeleteBucket', {
  http: { method: 'DELETE', target: 'bucket', status: 204 },
  rights: [right('s3:DeleteBucket', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: ['BucketNotEmpty'],
})
