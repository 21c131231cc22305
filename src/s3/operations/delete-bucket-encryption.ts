import { deleteBucketEncryption as model } from '../../model/s3/delete-bucket-encryption.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** New objects are stored as they are from now on; those that are encrypted stay so. */
export const deleteBucketEncryptionHandler = handler(model, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ encryption: _encryption, ...record }) => record)
  return {}
})
