import { putBucketPolicy as model } from '../../model/s3/put-bucket-policy.ts'
import { checkPolicy } from '../../service/authorization/policy/check-policy.ts'
import { isPublicPolicy } from '../../service/authorization/policy/public-policy.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Replaces the policy. Throws `MalformedPolicy`, and `AccessDenied` for a public one where these are blocked. */
export const putBucketPolicyHandler = handler(model, async (input, call) => {
  const { policy, text } = await checkPolicy(call.context, input.Policy, call.bucket.name)
  await changeS3Bucket(call.context, call.admission, (record) => {
    if (record.publicAccessBlock?.blockPublicPolicy === true && isPublicPolicy(policy))
      throw new ServiceError('AccessDenied')
    return { ...record, policy: text }
  })
  return {}
})
