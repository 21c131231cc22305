import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { StatusType } from '../lightsail/shapes/access-key.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { BucketName } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import {
  AnyAccessKeyId,
  ApplicationKey,
  keyDescription,
  KeyName,
  RemovableList,
} from './access-key-shapes.ts'

/** Changes an application key, or switches one of a bucket's keys off and on. */
export const updateAccessKey = operation('UpdateAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: "Changes an application key, named by name: what is given takes the place of what it had, and the next request is decided by it. Of a bucket's own two keys, named by bucketName and accessKeyId, it changes the status. A key that is Inactive is refused on the next request, and what it has begun is not stored; get-access-keys and get-bucket-access-keys show the status.",
  input: structure(
    {
      name: optional(KeyName),
      bucketName: optional(BucketName, {
        doc: "The bucket whose own key is meant, when it is one of a bucket's two.",
      }),
      accessKeyId: optional(AnyAccessKeyId, {
        doc: "The id of the bucket's key; of an application key, the id that it must have.",
      }),
      status: optional(StatusType, {
        doc: 'Active, or Inactive: it opens nothing until it is Active again.',
      }),
      ...keyDescription,
      removes: optional(RemovableList, {
        doc: 'What the key has and is to have no more: without buckets it opens all of the account, without prefixes every object, without expiresAt it does not end.',
      }),
    },
    { name: 'UpdateAccessKeyRequest' },
  ),
  output: structure(
    { accessKey: ApplicationKey, operations: OperationList },
    { name: 'UpdateAccessKeyResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
