import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { deleteBucketAccessKey } from './delete-bucket-access-key.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { AccessKey } from './shapes/access-key.ts'
import { OperationList } from './shapes/operation-record.ts'
import { BucketName } from './shapes/primitives.ts'

/** Makes one of the two keys of a bucket; only this response has its secret. */
export const createBucketAccessKey = operation('CreateBucketAccessKey', {
  doc: 'Makes an access key for a bucket: with it any S3 client reads and writes the objects of that bucket and no other. A bucket has at most two keys. The secret is returned once, in this response; it cannot be shown again.',
  input: structure({ bucketName: required(BucketName) }, { name: 'CreateBucketAccessKeyRequest' }),
  output: structure(
    { accessKey: AccessKey, operations: OperationList },
    { name: 'CreateBucketAccessKeyResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  takenBackBy: {
    operation: deleteBucketAccessKey,
    input: { bucketName: ['input', 'bucketName'], accessKeyId: ['output', 'accessKey', 'accessKeyId'] },
  },
})
