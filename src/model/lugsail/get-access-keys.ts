import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { optional, string, structure } from '../shape.ts'
import { AnyAccessKeyId, ApplicationKeyList, KeyName, KeyStatus } from './access-key-shapes.ts'

/** Shows application keys. */
export const getAccessKeys = operation('GetAccessKeys', {
  api: 'lugsail',
  isOpenToAccounts: true,
  doc: 'Shows the application keys of the account, by name, without their secrets. The two keys of a bucket are shown by get-bucket-access-keys.',
  input: structure(
    {
      name: optional(KeyName, { doc: 'The one key of this name.' }),
      namePrefix: optional(string({ name: 'KeyNamePrefix', lengthMax: 128 }), {
        doc: 'Keys whose names begin with this.',
      }),
      bucketName: optional(StringValue, {
        doc: 'Keys that name this bucket; not those that open all buckets.',
      }),
      accessKeyId: optional(AnyAccessKeyId, {
        doc: "The one key of this id, also what a key was before it was rotated, and also one of a bucket's own two; the other members do not count then.",
      }),
      status: optional(KeyStatus, { doc: 'Keys of this status.' }),
      pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }),
    },
    { name: 'GetAccessKeysRequest' },
  ),
  output: structure(
    { accessKeys: ApplicationKeyList, nextPageToken: StringValue },
    { name: 'GetAccessKeysResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'accessKeys' },
})
