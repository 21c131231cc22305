import { getBucketAcl as model } from '../../model/s3/get-bucket-acl.ts'
import { accessControlPolicy, ownerOnly } from '../answer/access-control-policy.ts'
import { handler } from '../operation-handler.ts'

/** Shows the bucket's ACL; that of its owner alone when it was never given one, or ACLs are off. */
export const getBucketAclHandler = handler(model, async (_input, call) => {
  const { acl, accountId, objectOwnership } = call.bucket
  const shown = objectOwnership === 'BucketOwnerEnforced' ? undefined : acl
  return { AccessControlPolicy: await accessControlPolicy(call.context, shown ?? ownerOnly(accountId)) }
})
