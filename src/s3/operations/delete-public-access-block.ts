import { deletePublicAccessBlock as model } from '../../model/s3/delete-public-access-block.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Nothing public is blocked from now on. */
export const deletePublicAccessBlockHandler = handler(model, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ publicAccessBlock: _block, ...record }) => record)
  return {}
})
