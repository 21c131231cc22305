import * as model from '../../../model/s3/settings/acl.ts'
import { enforcesOwner } from '../../../service/authorization/acls-in-force.ts'
import { refuseBucketAcl } from '../../../service/authorization/refused-acls.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { accessControlPolicy, ownerOnly } from '../../response/access-control-policy.ts'
import { handler } from '../../operation-handler.ts'
import { givenAcl } from '../../request/given-acl.ts'

/** Shows the bucket's ACL; that of its owner alone when it was never given one, or ACLs are off. */
export const getBucketAclHandler = handler(model.getBucketAcl, async (_input, call) => {
  const { acl, accountId } = call.bucket
  const shown = enforcesOwner(call.bucket) ? undefined : acl
  return { AccessControlPolicy: await accessControlPolicy(call.context, shown ?? ownerOnly(accountId)) }
})

/** Replaces the bucket's ACL. Throws `AccessControlListNotSupported` where ACLs are not in force. */
export const putBucketAclHandler = handler(model.putBucketAcl, async (input, call) => {
  const owner = call.bucket.accountId
  const acl = await givenAcl(call, input, { ownerAccountId: owner, bucketOwnerAccountId: owner })
  // Whatever the ACL is, as long as it is one: what it should have been is told first.
  await changeS3Bucket(call.context, call.admission, (record) => {
    refuseBucketAcl(record, acl)
    return { ...record, acl }
  })
  return {}
})
