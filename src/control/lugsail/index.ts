import type { LugsailOperationName, lugsailOperations } from '../../model/lugsail/index.ts'
import type { OperationHandler } from '../operation-handler.ts'
import {
  handleCreateAccessKey,
  handleDeleteAccessKey,
  handleGetAccessKeys,
  handleImportAccessKey,
  handleRotateAccessKey,
  handleUpdateAccessKey,
} from './access-keys.ts'
import { handleGetCallerRights } from './caller-rights.ts'
import { handleGetAuditLog, handleGetServerInfo } from './server.ts'
import { handleGetBucketAccess } from './bucket-access.ts'
import { handleGetBucketUsage } from './bucket-usage.ts'
import { handleGetAccessKeyUse } from './access-key-use.ts'
import {
  handleCreateAccount,
  handleDeleteAccount,
  handleGetAccounts,
  handleRetireAccountKey,
  handleRotateAccountKey,
} from './accounts.ts'
import { handleRevokeAccessKey } from './revoke-access-key.ts'
import { handleCreateRole, handleDeleteRole, handleGetRoles, handleUpdateRole } from './roles.ts'
import { handleCreateResource, handleDeleteResource, handleGetResources } from './resources.ts'

/** The handler of each operation of Lugsail's own API, by its name. */
export const lugsailHandlers: {
  readonly [N in LugsailOperationName]: OperationHandler<(typeof lugsailOperations)[N]>
} = {
  GetCallerRights: handleGetCallerRights,
  GetBucketUsage: handleGetBucketUsage,
  GetBucketAccess: handleGetBucketAccess,
  GetServerInfo: handleGetServerInfo,
  GetAuditLog: handleGetAuditLog,
  CreateAccount: handleCreateAccount,
  GetAccounts: handleGetAccounts,
  RotateAccountKey: handleRotateAccountKey,
  RetireAccountKey: handleRetireAccountKey,
  DeleteAccount: handleDeleteAccount,
  CreateResource: handleCreateResource,
  GetResources: handleGetResources,
  DeleteResource: handleDeleteResource,
  CreateAccessKey: handleCreateAccessKey,
  GetAccessKeys: handleGetAccessKeys,
  GetAccessKeyUse: handleGetAccessKeyUse,
  UpdateAccessKey: handleUpdateAccessKey,
  RotateAccessKey: handleRotateAccessKey,
  RevokeAccessKey: handleRevokeAccessKey,
  DeleteAccessKey: handleDeleteAccessKey,
  ImportAccessKey: handleImportAccessKey,
  CreateRole: handleCreateRole,
  GetRoles: handleGetRoles,
  UpdateRole: handleUpdateRole,
  DeleteRole: handleDeleteRole,
}
