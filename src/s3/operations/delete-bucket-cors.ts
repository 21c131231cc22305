import { deleteBucketCors as model } from '../../model/s3/delete-bucket-cors.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Removes all CORS rules; none there is no error. */
export const deleteBucketCorsHandler = handler(model, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ cors: _cors, ...record }) => record)
  return {}
})
