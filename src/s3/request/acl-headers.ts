import { cannedAcl, type CannedAcl } from '../../service/authorization/access-control-list.ts'
import { refuseNewObjectAcl, refuseWordedAcl } from '../../service/authorization/refused-acls.ts'
import { objectOwnerAccountId } from '../../service/authorization/object-owner.ts'
import type { AccessControlList } from '../../service/records/bucket.ts'
import { S3Error } from '../s3-error.ts'
import type { S3Call } from '../call.ts'
import type { ServiceContext } from '../../service/context.ts'
import { hasGrantHeaders, parseGrantHeaders, type GrantHeadersInput } from './grant-headers.ts'

/** The headers of a request that give a new object its ACL, under the names they have in inputs. */
interface ObjectAclInput extends GrantHeadersInput {
  readonly ACL?: Exclude<CannedAcl, 'log-delivery-write'> | undefined
}

/**
 * The ACL that a new object gets; private to its owner when the request says nothing. Throws `AccessControlListNotSupported` where the
 * bucket's owner enforces ownership and the request asks for anything else than that, and `AccessDenied` where the bucket blocks public ACLs, or
 * its access rules would leave it without effect.
 */
export async function newObjectAcl(call: S3Call, input: ObjectAclInput): Promise<AccessControlList> {
  const ownerAccountId = objectOwnerAccountId(call.principal, call.bucket, input.ACL)
  const hasGrants = hasGrantHeaders(input)
  refuseWordedAcl(call.bucket, { name: input.ACL, hasGrants })
  if (input.ACL !== undefined && hasGrants) throw aclTwice()
  const grants = await parseGrantHeaders(call.context, input)
  const acl = grants
    ? { ownerAccountId, grants }
    : cannedAcl(input.ACL ?? 'private', { ownerAccountId, bucketOwnerAccountId: call.bucket.accountId })
  // Decided again in the commit; this early response spares a client the upload of a body that is refused afterwards.
  refuseNewObjectAcl(call.bucket, acl)
  return acl
}

/** A canned ACL and grants exclude each other. */
export const aclTwice = (): S3Error =>
  new S3Error('InvalidRequest', 'Specifying both Canned ACLs and Header Grants is not allowed')

/** The headers of a request that give a bucket its ACL, under the names they have in inputs. */
interface BucketAclInput extends GrantHeadersInput {
  readonly ACL?: CannedAcl | undefined
}

/** The ACL of a bucket that an account owns; private when the request says nothing. */
export async function newBucketAcl(
  context: ServiceContext,
  ownerAccountId: string,
  input: BucketAclInput,
): Promise<AccessControlList> {
  if (input.ACL !== undefined && hasGrantHeaders(input)) throw aclTwice()
  const grants = await parseGrantHeaders(context, input)
  return grants
    ? { ownerAccountId, grants }
    : cannedAcl(input.ACL ?? 'private', { ownerAccountId, bucketOwnerAccountId: ownerAccountId })
}
