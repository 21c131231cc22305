import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { optional, string, structure } from '../shape.ts'
import { RoleList, RoleName } from './role-shapes.ts'

/** Shows roles. */
export const getRoles = operation('GetRoles', {
  api: 'lugsail',
  isOpenToAccounts: true,
  doc: 'Shows the roles of the account, by name.',
  input: structure(
    {
      name: optional(RoleName, { doc: 'The one role of this name.' }),
      namePrefix: optional(string({ name: 'RoleNamePrefix', lengthMax: 64 }), {
        doc: 'Roles whose names begin with this.',
      }),
      pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }),
    },
    { name: 'GetRolesRequest' },
  ),
  output: structure({ roles: RoleList, nextPageToken: StringValue }, { name: 'GetRolesResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'roles' },
})
