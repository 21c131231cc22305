import type { Operation } from '../operation.ts'
import { getCallerRights } from './get-caller-rights.ts'
import { getAuditLog } from './get-audit-log.ts'
import { getServerInfo } from './get-server-info.ts'
import { getBucketAccess } from './get-bucket-access.ts'
import { getBucketUsage } from './get-bucket-usage.ts'
import { createAccount } from './create-account.ts'
import { getAccounts } from './get-accounts.ts'
import { rotateAccountKey } from './rotate-account-key.ts'
import { retireAccountKey } from './retire-account-key.ts'
import { deleteAccount } from './delete-account.ts'
import { createResource } from './create-resource.ts'
import { getResources } from './get-resources.ts'
import { deleteResource } from './delete-resource.ts'
import { createAccessKey } from './create-access-key.ts'
import { getAccessKeys } from './get-access-keys.ts'
import { getAccessKeyUse } from './get-access-key-use.ts'
import { updateAccessKey } from './update-access-key.ts'
import { rotateAccessKey } from './rotate-access-key.ts'
import { revokeAccessKey } from './revoke-access-key.ts'
import { deleteAccessKey } from './delete-access-key.ts'
import { importAccessKey } from './import-access-key.ts'
import { createRole } from './create-role.ts'
import { getRoles } from './get-roles.ts'
import { updateRole } from './update-role.ts'
import { deleteRole } from './delete-role.ts'
import type { LUGSAIL_OPERATION_NAMES } from './names.ts'

/** The operations of Lugsail's own API, by their names: what Lightsail has no operations for. */
export const lugsailOperations = {
  GetCallerRights: getCallerRights,
  GetBucketUsage: getBucketUsage,
  GetBucketAccess: getBucketAccess,
  GetServerInfo: getServerInfo,
  GetAuditLog: getAuditLog,
  CreateAccount: createAccount,
  GetAccounts: getAccounts,
  RotateAccountKey: rotateAccountKey,
  RetireAccountKey: retireAccountKey,
  DeleteAccount: deleteAccount,
  CreateResource: createResource,
  GetResources: getResources,
  DeleteResource: deleteResource,
  CreateAccessKey: createAccessKey,
  GetAccessKeys: getAccessKeys,
  GetAccessKeyUse: getAccessKeyUse,
  UpdateAccessKey: updateAccessKey,
  RotateAccessKey: rotateAccessKey,
  RevokeAccessKey: revokeAccessKey,
  DeleteAccessKey: deleteAccessKey,
  ImportAccessKey: importAccessKey,
  CreateRole: createRole,
  GetRoles: getRoles,
  UpdateRole: updateRole,
  DeleteRole: deleteRole,
} as const satisfies Readonly<Record<(typeof LUGSAIL_OPERATION_NAMES)[number], Operation>>

/** The name of an operation of Lugsail's own API, `CreateAccount`. */
export type LugsailOperationName = keyof typeof lugsailOperations
