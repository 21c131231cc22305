import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { AccessKey } from './shapes/access-key.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BucketName } from './shapes/primitives.ts'

export const createBucketAccessKey = operation('CreateBucketAccessKey', {
  input: structure({ bucketName: required(BucketName) }, { name: 'CreateBucketAccessKeyRequest' }),
  output: structure(
    { accessKey: AccessKey, operations: OperationList },
    { name: 'CreateBucketAccessKeyResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
