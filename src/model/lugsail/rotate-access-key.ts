import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { BucketName } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import { AnyAccessKeyId, ApplicationKey, KeyName, retirement } from './access-key-shapes.ts'
import { deleteAccessKey } from './delete-access-key.ts'

/** Gives an access key a new id and secret. */
export const rotateAccessKey = operation('RotateAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: "Gives an application key a successor under the same name, with the same rights and bounds; or one of a bucket's own two keys, named by bucketName and accessKeyId, a successor in the bucket's other slot, which must be free. The old id and secret go on for a day, or as retireInSeconds, retireAt or retireWhenIdleSeconds say, so that applications can be moved over; then they are Inactive, and later deleted. Those of a key that is Inactive stop at once where no time is given; an application key that was retiring already stops now. The secret is returned once, in this response.",
  input: structure(
    {
      name: optional(KeyName),
      bucketName: optional(BucketName, {
        doc: "The bucket whose own key is meant, when it is one of a bucket's two.",
      }),
      accessKeyId: optional(AnyAccessKeyId, { doc: "The id of the bucket's key." }),
      ...retirement,
    },
    { name: 'RotateAccessKeyRequest' },
  ),
  output: structure(
    { accessKey: ApplicationKey, operations: OperationList },
    { name: 'RotateAccessKeyResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  takenBackBy: {
    operation: deleteAccessKey,
    input: {
      name: ['input', 'name'],
      bucketName: ['input', 'bucketName'],
      accessKeyId: ['output', 'accessKey', 'accessKeyId'],
    },
  },
})
