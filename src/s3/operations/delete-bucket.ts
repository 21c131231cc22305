import { deleteBucket as model } from '../../model/s3/delete-bucket.ts'
import { deleteS3Bucket } from '../../service/buckets/delete-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Deletes an empty bucket with its keys, uploads and settings. Throws `BucketNotEmpty`. */
export const deleteBucketHandler = handler(model, async (_input, call) => {
  await deleteS3Bucket(call.context, call.admission)
  return {}
})
