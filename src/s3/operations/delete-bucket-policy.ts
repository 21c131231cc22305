import { deleteBucketPolicy as model } from '../../model/s3/delete-bucket-policy.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Removes the policy; none there is no error. */
export const deleteBucketPolicyHandler = handler(model, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ policy: _policy, ...record }) => record)
  return {}
})
