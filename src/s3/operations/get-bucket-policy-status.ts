import { getBucketPolicyStatus as model } from '../../model/s3/get-bucket-policy-status.ts'
import { isPublicAcl } from '../../service/authorization/access-control-list.ts'
import { isPublicPolicy } from '../../service/authorization/policy/public-policy.ts'
import { policyOf } from '../../service/authorization/policy/stored-policy.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'
import { handler } from '../operation-handler.ts'

/** Tells whether the bucket is public. */
export const getBucketPolicyStatusHandler = handler(model, async (_input, call) => ({
  PolicyStatus: { IsPublic: isPublic(call.bucket) },
}))

/** By its policy, its ACL or its access rules; so a bucket without a policy has a status too. */
function isPublic(bucket: BucketRecord): boolean {
  return (
    (bucket.policy !== undefined && isPublicPolicy(policyOf(bucket))) ||
    (bucket.acl !== undefined && isPublicAcl(bucket.acl)) ||
    bucket.accessRules.getObject === 'public'
  )
}
