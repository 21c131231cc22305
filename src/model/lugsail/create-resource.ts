import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { deleteResource } from './delete-resource.ts'
import { OWN_ACCOUNT } from './own-account.ts'
import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { AccountName, AccountResource, AccountResourceName, NewAccessKey } from './shapes.ts'

/** Makes a resource. */
export const createResource = operation('CreateResource', {
  api: 'lugsail',
  doc: 'Makes a resource known in the region that is called: a machine that set-resource-access-for-bucket opens buckets to, with an access key of its own. The secret is returned once, in this response.',
  input: structure(
    { resourceName: required(AccountResourceName), accountName: optional(AccountName, OWN_ACCOUNT) },
    { name: 'CreateResourceRequest' },
  ),
  output: structure({ resource: AccountResource, accessKey: NewAccessKey }, { name: 'CreateResourceResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  takenBackBy: {
    operation: deleteResource,
    input: { resourceName: ['input', 'resourceName'], accountName: ['output', 'resource', 'accountId'] },
  },
})
