import * as model from '../../../model/s3/settings/policy.ts'
import { isPublicAcl } from '../../../service/authorization/access-control-list.ts'
import { checkPolicy } from '../../../service/authorization/policy/check-policy.ts'
import { isPublicPolicy } from '../../../service/authorization/policy/public-policy.ts'
import { policyOf } from '../../../service/authorization/policy/stored-policy.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import type { BucketRecord } from '../../../service/records/bucket.ts'
import { handler } from '../../operation-handler.ts'

/** Shows the policy as its owner wrote it. Throws `NoSuchBucketPolicy`. */
export const getBucketPolicyHandler = handler(model.getBucketPolicy, async (_input, call) => {
  const { policy } = call.bucket
  if (policy === undefined)
    throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'policy' })
  return { Policy: policy }
})

/** Tells whether the bucket is public. */
export const getBucketPolicyStatusHandler = handler(model.getBucketPolicyStatus, async (_input, call) => ({
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

/** Replaces the policy. Throws `MalformedPolicy`, and `AccessDenied` for a public one where these are blocked. */
export const putBucketPolicyHandler = handler(model.putBucketPolicy, async (input, call) => {
  const { policy, text } = await checkPolicy(call.context, input.Policy, call.bucket.name)
  await changeS3Bucket(call.context, call.admission, (record) => {
    if (record.publicAccessBlock?.blockPublicPolicy === true && isPublicPolicy(policy))
      throw new DomainError('AccessDenied')
    return { ...record, policy: text }
  })
  return {}
})

/** Removes the policy; none there is no error. */
export const deleteBucketPolicyHandler = handler(model.deleteBucketPolicy, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ policy: _policy, ...record }) => record)
  return {}
})
