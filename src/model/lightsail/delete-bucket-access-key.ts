import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BucketName, NonEmptyString } from './shapes/primitives.ts'

/** Takes a key away; it opens nothing from then on. */
export const deleteBucketAccessKey = operation('DeleteBucketAccessKey', {
  doc: 'Deletes an access key of a bucket. The key stops working at once.',
  input: structure(
    {
      bucketName: required(BucketName),
      accessKeyId: required(NonEmptyString, { doc: 'The id of the key to delete.' }),
    },
    { name: 'DeleteBucketAccessKeyRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'DeleteBucketAccessKeyResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
