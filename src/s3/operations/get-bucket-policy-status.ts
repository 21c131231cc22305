import { getBucketPolicyStatus as model } from '../../model/s3/get-bucket-policy-status.ts'
import { isPublicPolicy } from '../../service/authorization/policy/public-policy.ts'
import { policyOf } from '../../service/authorization/policy/stored-policy.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

export const getBucketPolicyStatusHandler = handler(
  model,
  's3:GetBucketPolicyStatus',
  async (_input, call) => {
    if (call.bucket.policy === undefined) throw new ServiceError('NoSuchBucketPolicy')
    return { PolicyStatus: { IsPublic: isPublicPolicy(policyOf(call.bucket)) } }
  },
)
