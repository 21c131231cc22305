import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { AccessKey, IAMAccessKeyId, StatusType } from '../lightsail/shapes/access-key.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { BucketName } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'

/** Switches a bucket's access key off and on. */
export const updateAccessKey = operation('UpdateAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  doc: 'Switches an access key of a bucket off and on again. One that is Inactive is refused on the next request, and what it has begun is not stored; get-bucket-access-keys shows its status.',
  input: structure(
    {
      bucketName: required(BucketName, { doc: 'The bucket that the key opens.' }),
      accessKeyId: required(IAMAccessKeyId, { doc: 'The id of the key.' }),
      status: required(StatusType, {
        doc: 'Active, or Inactive: it opens nothing until it is Active again.',
      }),
    },
    { name: 'UpdateAccessKeyRequest' },
  ),
  output: structure({ accessKey: AccessKey, operations: OperationList }, { name: 'UpdateAccessKeyResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
