import * as model from '../../../model/s3/settings/policy.ts'
import { checkPolicy } from '../../../service/authorization/policy/check-policy.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { isPublicBucket, withPolicy } from '../../../service/buckets/policy.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
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
  PolicyStatus: { IsPublic: isPublicBucket(call.bucket) },
}))

/** Replaces the policy. Throws `MalformedPolicy`, and `AccessDenied` for a public one where these are blocked. */
export const putBucketPolicyHandler = handler(model.putBucketPolicy, async (input, call) => {
  const checked = await checkPolicy(call.context, input.Policy, call.bucket.name)
  await changeS3Bucket(call.context, call.admission, (record) => withPolicy(record, checked))
  return {}
})

/** Removes the policy; none there is no error. */
export const deleteBucketPolicyHandler = handler(model.deleteBucketPolicy, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ policy: _policy, ...record }) => record)
  return {}
})
