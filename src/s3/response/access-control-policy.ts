import type { ValueOf } from '../../model/shape.ts'
import type { AccessControlPolicy } from '../../model/s3/shapes/acl.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { AccessControlList } from '../../service/records/bucket.ts'
import { canonicalUserOf } from '../accounts.ts'
import { groupUri } from '../request/grants.ts'

/** An ACL as documents have it. */
export async function accessControlPolicy(
  context: ServiceContext,
  acl: AccessControlList,
): Promise<ValueOf<typeof AccessControlPolicy>> {
  const grants = []
  for (const { grantee, permission } of groupsFirst(acl.grants)) {
    const shown =
      grantee.type === 'group'
        ? ({ Type: 'Group', URI: groupUri(grantee.group) } as const)
        : ({ Type: 'CanonicalUser', ...(await canonicalUserOf(context, grantee.accountId)) } as const)
    grants.push({ Grantee: shown, Permission: permission })
  }
  return { Owner: await canonicalUserOf(context, acl.ownerAccountId), Grants: grants }
}

/** The ACL of what nobody gave one. */
export const ownerOnly = (ownerAccountId: string): AccessControlList => ({
  ownerAccountId,
  grants: [{ grantee: { type: 'account', accountId: ownerAccountId }, permission: 'FULL_CONTROL' }],
})

/** The order in which clients have come to expect grants. */
function groupsFirst(grants: AccessControlList['grants']): AccessControlList['grants'] {
  const isGroup = ({ grantee }: AccessControlList['grants'][number]): boolean => grantee.type === 'group'
  return [...grants.filter(isGroup), ...grants.filter((grant) => !isGroup(grant))]
}
