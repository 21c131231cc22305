import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import { AccountList } from './shapes.ts'

/** Shows all accounts. */
export const getAccounts = operation('GetAccounts', {
  api: 'lugsail',
  doc: 'Shows the accounts of the server, by their ids.',
  input: structure(
    { pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }) },
    { name: 'GetAccountsRequest' },
  ),
  output: structure({ accounts: AccountList, nextPageToken: StringValue }, { name: 'GetAccountsResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'accounts' },
})
