import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OperationList } from '../lightsail/shapes/operation-record.ts'
import { operation } from '../operation.ts'
import { integer, optional, required, structure } from '../shape.ts'
import { ApplicationKey, KeyName } from './access-key-shapes.ts'
import { deleteAccessKey } from './delete-access-key.ts'
import { RETIRE_SECONDS_MAX } from './rotate-account-key.ts'

/** Gives an application key a new id and secret. */
export const rotateAccessKey = operation('RotateAccessKey', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Gives an application key a successor under the same name, with the same rights and bounds. The old id and secret go on for a day, or for retireInSeconds, so that applications can be moved over; those of a key that is Inactive stop at once where no time is given; one that was retiring already stops now. The secret is returned once, in this response.',
  input: structure(
    {
      name: required(KeyName),
      retireInSeconds: optional(integer({ name: 'RetireInSeconds', min: 0, max: RETIRE_SECONDS_MAX }), {
        doc: 'Seconds for which the old id and secret still count: 0, they stop at once, to 7776000 (90 days). When absent, a day, and 0 of a key that is Inactive.',
      }),
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
    input: { name: ['input', 'name'], accessKeyId: ['output', 'accessKey', 'accessKeyId'] },
  },
})
