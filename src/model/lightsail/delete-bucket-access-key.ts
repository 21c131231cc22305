import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BucketName, NonEmptyString } from './shapes/primitives.ts'

export const deleteBucketAccessKey = operation('DeleteBucketAccessKey', {
  input: structure(
    { bucketName: required(BucketName), accessKeyId: required(NonEmptyString) },
    { name: 'DeleteBucketAccessKeyRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'DeleteBucketAccessKeyResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
