import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { list, optional, structure } from '../shape.ts'
import { AnyAccessKeyId, ApplicationKey, KeyName } from './access-key-shapes.ts'

const AbortedUpload = structure(
  { bucketName: StringValue, objectKey: StringValue, uploadId: StringValue },
  { name: 'AbortedUpload', doc: 'An upload in parts that was begun with the key and has been ended.' },
)

/** Switches an access key off and ends what it has begun. */
export const revokeAccessKey = operation('RevokeAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: "Makes an access key Inactive at once, on every gateway, with what it was before its rotation, and ends the uploads in parts that were begun with it, in all buckets of the account: for a key whose secret has leaked. An application key is named by name; an application key or one of a bucket's own two by accessKeyId. Temporary credentials that were had with the key end with it. The key stays, so that get-access-key-use tells who still uses it; update-access-key makes it Active again, rotate-access-key gives it another secret. Where there are many uploads they are ended page by page; the key is switched off with the first.",
  input: structure(
    {
      name: optional(KeyName, { doc: 'The application key of this name.' }),
      accessKeyId: optional(AnyAccessKeyId, {
        doc: "Instead of name: the id of an application key or of a bucket's own.",
      }),
      pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }),
    },
    { name: 'RevokeAccessKeyRequest' },
  ),
  output: structure(
    {
      accessKey: ApplicationKey,
      operations: OperationList,
      abortedUploads: list(AbortedUpload, { name: 'AbortedUploadList' }),
      nextPageToken: StringValue,
    },
    { name: 'RevokeAccessKeyResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'abortedUploads' },
})
