import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import { AccessKeyList } from './shapes/access-key.ts'
import { BucketName } from './shapes/primitives.ts'

/** Shows the keys of a bucket without their secrets. */
export const getBucketAccessKeys = operation('GetBucketAccessKeys', {
  doc: 'Shows the access keys of a bucket and when, where and by which service each was last used. Secrets are not shown.',
  input: structure({ bucketName: required(BucketName) }, { name: 'GetBucketAccessKeysRequest' }),
  output: structure({ accessKeys: AccessKeyList }, { name: 'GetBucketAccessKeysResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
