import type { deleteBucket as deleteBucketOperation } from '../../model/lightsail/delete-bucket.ts'
import { deleteBucket } from '../../service/buckets/delete-bucket.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

export const handleDeleteBucket: OperationHandler<typeof deleteBucketOperation> = async (
  { service, caller },
  { bucketName, forceDelete },
) => {
  const operation = await deleteBucket(service, caller, bucketName, forceDelete === true)
  return { operations: [presentOperation(operation)] }
}
