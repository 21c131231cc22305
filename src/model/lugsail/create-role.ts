import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { Role, roleDescription, RoleName } from './role-shapes.ts'

/** Makes a role. */
export const createRole = operation('CreateRole', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Makes a role: rights and bounds as an application key has them, without a key of its own. STS gives temporary credentials of it, to access keys of the account (AssumeRole), and to those whose tokens it trusts (AssumeRoleWithWebIdentity).',
  input: structure({ name: required(RoleName), ...roleDescription }, { name: 'CreateRoleRequest' }),
  output: structure({ role: Role }, { name: 'CreateRoleResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
