import type { ValueOf } from '../../model/shape.ts'
import type { AccessControlPolicy } from '../../model/s3/shapes/acl.ts'
import { CANONICAL_USER_ID } from '../../service/accounts/find-accounts.ts'
import { cannedAcl, type CannedAcl } from '../../service/authorization/access-control-list.ts'
import { checkAclOwner } from '../../service/authorization/refused-acls.ts'
import { resolveGrants, type NamedGrant } from '../../service/authorization/resolve-grants.ts'
import { S3Error } from '../s3-error.ts'
import type { AccessControlList } from '../../service/records/bucket.ts'
import type { S3Call } from '../call.ts'
import { aclTwice } from './acl-headers.ts'
import { invalidArgument } from './argument-errors.ts'
import { hasGrantHeaders, parseGrantHeaders, type GrantHeadersInput } from './grant-headers.ts'
import { groupGrantee } from './grants.ts'

interface AclInput extends GrantHeadersInput {
  readonly ACL?: CannedAcl | undefined
  readonly AccessControlPolicy?: ValueOf<typeof AccessControlPolicy> | undefined
}

/**
 * The ACL that PutBucketAcl or PutObjectAcl gives, in one of three ways: a canned one, grants in headers, or a document. Throws
 * `MissingSecurityHeader` for none, `InvalidRequest` for the first two at once, `UnexpectedContent` for one of them and a document, `MalformedACLError` and `InvalidArgument`.
 */
export async function givenAcl(
  call: S3Call,
  input: AclInput,
  owners: { readonly ownerAccountId: string; readonly bucketOwnerAccountId: string },
): Promise<AccessControlList> {
  const hasGrants = hasGrantHeaders(input)
  if (input.ACL !== undefined && hasGrants) throw aclTwice()
  if (input.AccessControlPolicy && (hasGrants || input.ACL !== undefined))
    throw new S3Error('UnexpectedContent')
  if (input.ACL !== undefined) return cannedAcl(input.ACL, owners)
  const headerGrants = await parseGrantHeaders(call.context, input)
  if (headerGrants) return { ownerAccountId: owners.ownerAccountId, grants: headerGrants }
  if (!input.AccessControlPolicy)
    throw new S3Error('MissingSecurityHeader', 'Your request was missing a required header', {
      details: { missingHeaderName: 'x-amz-acl' },
    })
  return await documentAcl(call, input.AccessControlPolicy, owners.ownerAccountId)
}

async function documentAcl(
  call: S3Call,
  policy: ValueOf<typeof AccessControlPolicy>,
  ownerAccountId: string,
): Promise<AccessControlList> {
  const named = policy.Owner?.ID ?? ''
  if (named === '') throw new S3Error('MalformedACLError', 'AccessControlPolicy/Owner must have ID')
  if (!CANONICAL_USER_ID.test(named)) throw invalidArgument('CanonicalUser/ID', named, 'Invalid id')
  await checkAclOwner(call.context, ownerAccountId, named)
  const grants = (policy.Grants ?? []).map(({ Grantee, Permission }): NamedGrant => ({
    grantee: documentGrantee(Grantee),
    permission: Permission,
  }))
  return { ownerAccountId, grants: await resolveGrants(call.context, grants) }
}

type GranteeValue = NonNullable<ValueOf<typeof AccessControlPolicy>['Grants']>[number]['Grantee']

function documentGrantee({ Type, ID, URI }: GranteeValue): NamedGrant['grantee'] {
  if (Type === 'Group' && URI !== undefined) return groupGrantee(URI)
  if (Type === 'CanonicalUser' && ID !== undefined) return { type: 'canonical-user', id: ID }
  if (Type === 'AmazonCustomerByEmail') return { type: 'email' }
  throw new S3Error('MalformedACLError')
}
