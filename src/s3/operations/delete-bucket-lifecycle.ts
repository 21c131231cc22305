import { deleteBucketLifecycle as model } from '../../model/s3/delete-bucket-lifecycle.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Removes all lifecycle rules; none there is no error. */
export const deleteBucketLifecycleHandler = handler(model, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ lifecycle: _rules, ...record }) => record)
  return {}
})
