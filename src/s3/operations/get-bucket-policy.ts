import { getBucketPolicy as model } from '../../model/s3/get-bucket-policy.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Shows the policy as its owner wrote it. Throws `NoSuchBucketPolicy`. */
export const getBucketPolicyHandler = handler(model, async (_input, call) => {
  const { policy } = call.bucket
  if (policy === undefined) throw new ServiceError('NoSuchBucketPolicy')
  return { Policy: policy }
})
