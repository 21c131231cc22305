import { GRANTS_MAX } from '../../model/s3/shapes/acl.ts'
import { findAccountIds } from '../accounts/find-accounts.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { AccessControlList, AclPermission, Grantee } from '../records/bucket.ts'

/** A grant as a request words it, with its grantee not looked up yet. */
export interface NamedGrant {
  readonly grantee:
    | Extract<Grantee, { type: 'group' }>
    | { readonly type: 'canonical-user'; readonly id: string }
    | { readonly type: 'email' }
  readonly permission: AclPermission
}

/**
 * The grants of an ACL, with the accounts of all grantees, each looked for once. Throws `TooManyGrants`, `NoSuchGrantee` for a canonical id that no
 * account has, and `GranteeByEmail`: accounts have no addresses here.
 */
export async function resolveGrants(
  context: ServiceContext,
  grants: readonly NamedGrant[],
): Promise<AccessControlList['grants']> {
  if (grants.length > GRANTS_MAX) throw new DomainError('TooManyGrants', { countMax: GRANTS_MAX })
  const ids = grants.flatMap(({ grantee }) => (grantee.type === 'canonical-user' ? [grantee.id] : []))
  const accountIds: ReadonlyMap<string, string> =
    ids.length === 0 ? new Map() : await findAccountIds(context, ids)
  return grants.map(({ grantee, permission }) => {
    if (grantee.type === 'group') return { grantee, permission }
    if (grantee.type === 'email') throw new DomainError('GranteeByEmail')
    const accountId = accountIds.get(grantee.id)
    if (accountId === undefined) throw new DomainError('NoSuchGrantee', { canonicalUserId: grantee.id })
    return { grantee: { type: 'account', accountId }, permission }
  })
}
