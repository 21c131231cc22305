import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { Account, AccountName } from './shapes.ts'

/** Deletes an account. */
export const deleteAccount = operation('DeleteAccount', {
  api: 'lugsail',
  doc: 'Deletes an account that owns no buckets, with its root key and its resources. The first account, whose key opens this API, cannot be deleted by it.',
  input: structure({ accountName: required(AccountName) }, { name: 'DeleteAccountRequest' }),
  output: structure({ account: Account }, { name: 'DeleteAccountResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
