import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OWN_ACCOUNT } from './own-account.ts'
import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { AccountName, AccountResourceName } from './shapes.ts'

/** Forgets a resource. */
export const deleteResource = operation('DeleteResource', {
  api: 'lugsail',
  doc: 'Forgets a resource of the region that is called; its access key stops at once, and no bucket stays open to it.',
  input: structure(
    { resourceName: required(AccountResourceName), accountName: optional(AccountName, OWN_ACCOUNT) },
    { name: 'DeleteResourceRequest' },
  ),
  output: structure({}, { name: 'DeleteResourceResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
