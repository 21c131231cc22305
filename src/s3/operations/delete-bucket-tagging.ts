import { deleteBucketTagging as model } from '../../model/s3/delete-bucket-tagging.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Removes all tags of the bucket. */
export const deleteBucketTaggingHandler = handler(model, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, tags: [] }))
  return {}
})
