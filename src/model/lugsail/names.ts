/** The names of the operations of Lugsail's own API: the command line knows them without loading what they are. */
export const LUGSAIL_OPERATION_NAMES = [
  'GetCallerRights',
  'GetBucketUsage',
  'GetBucketAccess',
  'GetServerInfo',
  'GetAuditLog',
  'CreateAccount',
  'GetAccounts',
  'RotateAccountKey',
  'RetireAccountKey',
  'DeleteAccount',
  'CreateResource',
  'GetResources',
  'DeleteResource',
  'CreateAccessKey',
  'GetAccessKeys',
  'GetAccessKeyUse',
  'UpdateAccessKey',
  'RotateAccessKey',
  'RevokeAccessKey',
  'DeleteAccessKey',
  'ImportAccessKey',
  'CreateRole',
  'GetRoles',
  'UpdateRole',
  'DeleteRole',
] as const

/** The prefix of `X-Amz-Target`: `Lugsail_20261201.<Operation>`. */
export const LUGSAIL_TARGET_PREFIX = 'Lugsail_20261201'
