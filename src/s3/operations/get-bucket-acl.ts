import { getBucketAcl as model } from '../../model/s3/get-bucket-acl.ts'
import { accessControlPolicy, ownerOnly } from '../answer/access-control-policy.ts'
import { handler } from '../operation-handler.ts'

/** Shows the bucket's ACL; that of its owner alone when it was never given one. */
export const getBucketAclHandler = handler(model, async (_input, call) => {
  const { acl, accountId } = call.bucket
  return { AccessControlPolicy: await accessControlPolicy(call.context, acl ?? ownerOnly(accountId)) }
})
