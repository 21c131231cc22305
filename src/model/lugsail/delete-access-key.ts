import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { BucketName } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import { AnyAccessKeyId, KeyName } from './access-key-shapes.ts'

/** Deletes an application key, or a bucket's. */
export const deleteAccessKey = operation('DeleteAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Deletes an application key. It is refused on the next request, and what it has begun is not stored. Of one that is being rotated, accessKeyId chooses the old or the new half; the other one is the key then, and does not retire.',
  input: structure(
    {
      name: optional(KeyName),
      bucketName: optional(BucketName, {
        doc: 'Instead of name: the bucket whose own key accessKeyId is; the same as delete-bucket-access-key.',
      }),
      accessKeyId: optional(AnyAccessKeyId, {
        doc: 'The id that the key must have to be deleted: another key may have got its name. Of a key that is being rotated, the half that goes; both when absent.',
      }),
    },
    { name: 'DeleteAccessKeyRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'DeleteAccessKeyResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
