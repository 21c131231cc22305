import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { AccessKeyList } from './shapes/access-key.ts'
import { BucketName } from './shapes/primitives.ts'

export const getBucketAccessKeys = operation('GetBucketAccessKeys', {
  input: structure({ bucketName: required(BucketName) }, { name: 'GetBucketAccessKeysRequest' }),
  output: structure({ accessKeys: AccessKeyList }, { name: 'GetBucketAccessKeysResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
