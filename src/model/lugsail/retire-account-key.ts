import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { IAMAccessKeyId } from '../lightsail/shapes/access-key.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { Account, AccountName } from './shapes.ts'

/** Stops one of two root keys. */
export const retireAccountKey = operation('RetireAccountKey', {
  api: 'lugsail',
  doc: "Stops one of the two root keys that an account has during a rotation: the old one, or the new one, after which the old one is the account's again and does not end.",
  input: structure(
    {
      accountName: required(AccountName),
      accessKeyId: required(IAMAccessKeyId, { doc: 'The id of the key that stops.' }),
    },
    { name: 'RetireAccountKeyRequest' },
  ),
  output: structure({ account: Account }, { name: 'RetireAccountKeyResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
