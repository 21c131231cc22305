import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { OWN_ACCOUNT } from './own-account.ts'
import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import { AccountName, AccountResourceList } from './shapes.ts'

/** Shows an account's resources. */
export const getResources = operation('GetResources', {
  api: 'lugsail',
  doc: 'Shows the resources of an account in the region that is called, by name.',
  input: structure({ accountName: optional(AccountName, OWN_ACCOUNT) }, { name: 'GetResourcesRequest' }),
  output: structure({ resources: AccountResourceList }, { name: 'GetResourcesResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
