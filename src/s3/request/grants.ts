import { findAccountIds } from '../../service/accounts/find-accounts.ts'
import type { ServiceContext } from '../../service/context.ts'
import { S3Error } from '../s3-error.ts'
import type { AccessControlList, AclPermission, Grantee } from '../../service/records/bucket.ts'
import { invalidArgument } from './argument-errors.ts'

type GroupGrantee = Extract<Grantee, { type: 'group' }>

/** A grant as a request words it, with its grantee not looked up yet. */
export interface NamedGrant {
  readonly grantee:
    | GroupGrantee
    | { readonly type: 'canonical-user'; readonly id: string }
    | { readonly type: 'email' }
  readonly permission: AclPermission
}

const GROUP_URIS: ReadonlyMap<string, GroupGrantee['group']> = new Map([
  ['http://acs.amazonaws.com/groups/global/AllUsers', 'AllUsers'],
  ['http://acs.amazonaws.com/groups/global/AuthenticatedUsers', 'AuthenticatedUsers'],
  ['http://acs.amazonaws.com/groups/s3/LogDelivery', 'LogDelivery'],
])

/**
 * Finds the accounts of all grantees, each once. Throws `InvalidArgument` for a canonical id that no account has, and
 * `UnresolvableGrantByEmailAddress`: accounts have no addresses here.
 */
export async function resolveGrants(
  context: ServiceContext,
  grants: readonly NamedGrant[],
): Promise<AccessControlList['grants']> {
  const ids = grants.flatMap(({ grantee }) => (grantee.type === 'canonical-user' ? [grantee.id] : []))
  const accountIds: ReadonlyMap<string, string> =
    ids.length === 0 ? new Map() : await findAccountIds(context, ids)
  return grants.map(({ grantee, permission }) => {
    if (grantee.type === 'group') return { grantee, permission }
    if (grantee.type === 'email') throw new S3Error('UnresolvableGrantByEmailAddress')
    const accountId = accountIds.get(grantee.id)
    if (accountId === undefined) throw invalidArgument('CanonicalUser/ID', grantee.id, 'Invalid id')
    return { grantee: { type: 'account', accountId }, permission }
  })
}

/** The group that S3 knows under this URI. Throws `InvalidArgument`. */
export function groupGrantee(uri: string): GroupGrantee {
  const grantee = findGroup(uri)
  if (!grantee) throw invalidArgument('Group/URI', uri, 'Invalid group uri')
  return grantee
}

/** The group that S3 knows under this URI; null when it knows none. */
export function findGroup(uri: string): GroupGrantee | null {
  const group = GROUP_URIS.get(uri)
  return group === undefined ? null : { type: 'group', group }
}

/** The URI under which S3 shows a group. */
export function groupUri(group: GroupGrantee['group']): string {
  for (const [uri, known] of GROUP_URIS) if (known === group) return uri
  throw new RangeError(`group ${group} has no URI`)
}
