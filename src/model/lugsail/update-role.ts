import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { StatusType } from '../lightsail/shapes/access-key.ts'
import { BooleanValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { RemovableOfRoles, Role, roleDescription, RoleName } from './role-shapes.ts'

/** Changes a role. */
export const updateRole = operation('UpdateRole', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Changes a role: what is given takes the place of what it had, for the sessions that there are as well, from their next request on.',
  input: structure(
    {
      name: required(RoleName),
      status: optional(StatusType, {
        doc: 'Active, or Inactive: nobody takes it, and its sessions open nothing until it is Active again.',
      }),
      endsSessions: optional(BooleanValue, {
        doc: 'Whether all sessions that there are end for good; who may take the role gets another one.',
      }),
      ...roleDescription,
      removes: optional(RemovableOfRoles, { doc: 'What the role has and is to have no more.' }),
    },
    { name: 'UpdateRoleRequest' },
  ),
  output: structure({ role: Role }, { name: 'UpdateRoleResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
