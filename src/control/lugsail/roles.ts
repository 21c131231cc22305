import type { createRole as createRoleOperation } from '../../model/lugsail/create-role.ts'
import type { deleteRole as deleteRoleOperation } from '../../model/lugsail/delete-role.ts'
import type { getRoles as getRolesOperation } from '../../model/lugsail/get-roles.ts'
import type { Role } from '../../model/lugsail/role-shapes.ts'
import type { updateRole as updateRoleOperation } from '../../model/lugsail/update-role.ts'
import type { ValueOf } from '../../model/shape.ts'
import { keyStatusOf } from '../../service/application-keys/list-keys.ts'
import { roleArn } from '../../service/credentials/caller-identity.ts'
import type { LastUsedRecord } from '../../service/records/credential.ts'
import type { RoleRecord } from '../../service/records/role.ts'
import { createRole } from '../../service/roles/create-role.ts'
import { deleteRole } from '../../service/roles/delete-role.ts'
import { listRoles } from '../../service/roles/list-roles.ts'
import { updateRole } from '../../service/roles/update-role.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentFullLastUse } from '../present-access-key.ts'

/** Makes a role. Throws `InvalidInputException` and `NotFoundException`. */
export const handleCreateRole: OperationHandler<typeof createRoleOperation> = async (
  { service, caller },
  input,
) => ({ role: presentRole(await createRole(service, caller, input), service.clock.now()) })

/** Shows roles, by name, a page of them. Throws `InvalidInputException`. */
export const handleGetRoles: OperationHandler<typeof getRolesOperation> = async (
  { service, caller },
  input,
) => {
  const { roles, nextPageToken } = await listRoles(service, caller, input)
  const lastUses = await service.accessKeyUses.readRoles(roles)
  return {
    roles: roles.map((role) => presentRole(role, service.clock.now(), lastUses.get(role.roleId))),
    ...(nextPageToken !== undefined && { nextPageToken }),
  }
}

/** Changes a role. Throws `InvalidInputException` and `NotFoundException`. */
export const handleUpdateRole: OperationHandler<typeof updateRoleOperation> = async (
  { service, caller },
  input,
) => {
  const role = await updateRole(service, caller, input)
  const lastUses = await service.accessKeyUses.readRoles([role])
  return { role: presentRole(role, service.clock.now(), lastUses.get(role.roleId)) }
}

/** Deletes a role, which stops at once. Throws `NotFoundException`. */
export const handleDeleteRole: OperationHandler<typeof deleteRoleOperation> = async (
  { service, caller },
  { name },
) => ({ role: presentRole(await deleteRole(service, caller, name), service.clock.now()) })

function presentRole(
  role: RoleRecord,
  nowMs: number,
  lastUsed: LastUsedRecord | null = null,
): ValueOf<typeof Role> {
  const { accountId, name, buckets, validUntil, ...shown } = role
  return {
    ...shown,
    name,
    roleArn: roleArn(accountId, name),
    status: keyStatusOf(role, nowMs),
    lastUsed: presentFullLastUse(lastUsed),
    buckets: buckets?.map((bucket) => bucket.name),
    expiresAt: validUntil,
  }
}
