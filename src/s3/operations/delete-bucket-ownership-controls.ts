import { deleteBucketOwnershipControls as model } from '../../model/s3/delete-bucket-ownership-controls.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Removes the rule about who owns new objects: whoever writes them does, where ACLs are in force. */
export const deleteBucketOwnershipControlsHandler = handler(model, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ objectOwnership: _ownership, ...record }) => record)
  return {}
})
