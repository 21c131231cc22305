import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { deleteAccount } from './delete-account.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { Account, AccountName, NewAccessKey } from './shapes.ts'

/** Makes an account. */
export const createAccount = operation('CreateAccount', {
  api: 'lugsail',
  doc: 'Makes an account that owns buckets, with a root key that may do everything in it. The secret is returned once, in this response.',
  input: structure({ accountName: required(AccountName) }, { name: 'CreateAccountRequest' }),
  output: structure({ account: Account, rootKey: NewAccessKey }, { name: 'CreateAccountResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  takenBackBy: { operation: deleteAccount, input: { accountName: ['input', 'accountName'] } },
})
