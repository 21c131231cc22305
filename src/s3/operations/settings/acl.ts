import * as model from '../../../model/s3/settings/acl.ts'
import { areAclsInForce } from '../../../service/authorization/authorize.ts'
import { refuseBlockedAcl } from '../../../service/authorization/refused-acls.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { S3Error } from '../../s3-error.ts'
import { accessControlPolicy, ownerOnly } from '../../response/access-control-policy.ts'
import { handler } from '../../operation-handler.ts'
import { givenAcl } from '../../request/given-acl.ts'

/** Shows the bucket's ACL; that of its owner alone when it was never given one, or ACLs are off. */
export const getBucketAclHandler = handler(model.getBucketAcl, async (_input, call) => {
  const { acl, accountId, objectOwnership } = call.bucket
  const shown = objectOwnership === 'BucketOwnerEnforced' ? undefined : acl
  return { AccessControlPolicy: await accessControlPolicy(call.context, shown ?? ownerOnly(accountId)) }
})

/** Replaces the bucket's ACL. Throws `AccessControlListNotSupported` where ACLs are not in force. */
export const putBucketAclHandler = handler(model.putBucketAcl, async (input, call) => {
  const owner = call.bucket.accountId
  const acl = await givenAcl(call, input, { ownerAccountId: owner, bucketOwnerAccountId: owner })
  // Whatever the ACL is, as long as it is one: what it should have been is told first.
  await changeS3Bucket(call.context, call.admission, (record) => {
    if (!areAclsInForce(record)) throw new S3Error('AccessControlListNotSupported')
    refuseBlockedAcl(record, acl)
    return { ...record, acl }
  })
  return {}
})
