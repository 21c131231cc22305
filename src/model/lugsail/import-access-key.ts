import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { operation } from '../operation.ts'
import { required, string, structure } from '../shape.ts'
import { AnyAccessKeyId, ApplicationKey, keyDescription, KeyName } from './access-key-shapes.ts'
import { deleteAccessKey } from './delete-access-key.ts'

/** Lengths of a secret that is brought along; below the least it can be guessed. */
const IMPORTED_SECRET_LENGTH = { min: 16, max: 128 } as const

const ImportedSecret = string({
  name: 'ImportedSecret',
  doc: 'The secret of a key: 16 to 128 printable characters of ASCII without spaces, at least 8 of them different.',
  lengthMin: IMPORTED_SECRET_LENGTH.min,
  lengthMax: IMPORTED_SECRET_LENGTH.max,
  pattern: /^[!-~]+$/,
  isSensitive: true,
  isNeverTyped: true,
})

/** Makes an application key of an id and a secret that exist elsewhere. */
export const importAccessKey = operation('ImportAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Makes an application key of an id and a secret that applications have already, from MinIO, Garage, Ceph or any other store, so that their settings stay as they are. The response has no secret.',
  input: structure(
    {
      name: required(KeyName),
      accessKeyId: required(AnyAccessKeyId),
      secretAccessKey: required(ImportedSecret, {
        doc: 'The secret. On a command line it comes from a file, file://PATH, or from standard input, file:///dev/stdin, and is never typed.',
      }),
      ...keyDescription,
    },
    { name: 'ImportAccessKeyRequest' },
  ),
  output: structure(
    { accessKey: ApplicationKey, operations: OperationList },
    { name: 'ImportAccessKeyResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  takenBackBy: {
    operation: deleteAccessKey,
    input: { name: ['input', 'name'], accessKeyId: ['input', 'accessKeyId'] },
  },
})
