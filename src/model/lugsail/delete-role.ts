import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { Role, RoleName } from './role-shapes.ts'

/** Deletes a role. */
export const deleteRole = operation('DeleteRole', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Deletes a role. Its sessions are refused on the next request, and what they have begun is not stored; another role of the name does not bring them back.',
  input: structure({ name: required(RoleName) }, { name: 'DeleteRoleRequest' }),
  output: structure({ role: Role }, { name: 'DeleteRoleResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
