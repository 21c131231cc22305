import { abortMultipartUpload as model } from '../../model/s3/abort-multipart-upload.ts'
import { abortUpload } from '../../service/uploads/abort-upload.ts'
import { handler } from '../operation-handler.ts'

/** Ends an upload and removes its parts. Throws `NoSuchUpload`. */
export const abortMultipartUploadHandler = handler(model, async (input, call) => {
  await abortUpload(call.context, call.admission, { key: call.objectKey, uploadId: input.UploadId })
  return {}
})
