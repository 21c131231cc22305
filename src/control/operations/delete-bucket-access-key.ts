import type { deleteBucketAccessKey as deleteBucketAccessKeyOperation } from '../../model/lightsail/delete-bucket-access-key.ts'
import { deleteAccessKey } from '../../service/access-keys/delete-access-key.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Deletes a bucket's access key, which stops at once. Throws `NotFoundException`. */
export const handleDeleteBucketAccessKey: OperationHandler<typeof deleteBucketAccessKeyOperation> = async (
  { service, caller },
  { bucketName, accessKeyId },
) => {
  const operation = await deleteAccessKey(service, caller, bucketName, accessKeyId)
  return { operations: [presentOperation(operation)] }
}
