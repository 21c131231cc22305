import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ApplicationKey, keyDescription, KeyName } from './access-key-shapes.ts'
import { deleteAccessKey } from './delete-access-key.ts'

/** Makes an application key. */
export const createAccessKey = operation('CreateAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Makes an application key: an access key with a name, for one, several or all buckets of the account, that may do what its rights or its policy say and no more. The secret is returned once, in this response.',
  input: structure({ name: required(KeyName), ...keyDescription }, { name: 'CreateAccessKeyRequest' }),
  output: structure(
    { accessKey: ApplicationKey, operations: OperationList },
    { name: 'CreateAccessKeyResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  takenBackBy: {
    operation: deleteAccessKey,
    input: { name: ['input', 'name'], accessKeyId: ['output', 'accessKey', 'accessKeyId'] },
  },
})
