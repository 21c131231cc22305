import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { ResourceBucketAccess } from './shapes/bucket.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BucketName, ResourceName } from './shapes/primitives.ts'

/** Lets a resource use a bucket, or shuts it out. */
export const setResourceAccessForBucket = operation('SetResourceAccessForBucket', {
  doc: 'Gives a resource access to a bucket without keys, or takes it away.',
  input: structure(
    {
      resourceName: required(ResourceName, { doc: 'The name of the resource.' }),
      bucketName: required(BucketName),
      access: required(ResourceBucketAccess, { doc: 'allow gives access, deny takes it away.' }),
    },
    { name: 'SetResourceAccessForBucketRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'SetResourceAccessForBucketResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
