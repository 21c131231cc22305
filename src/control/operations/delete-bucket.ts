import type { deleteBucket as deleteBucketOperation } from '../../model/lightsail/delete-bucket.ts'
import { deleteBucket } from '../../service/buckets/delete-bucket.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/**
 * Deletes a bucket; with `forceDelete` also one that is in use. Throws `NotFoundException`, and `InvalidInputException` naming what is in
 * the way.
 */
export const handleDeleteBucket: OperationHandler<typeof deleteBucketOperation> = async (
  { service, caller },
  { bucketName, forceDelete },
) => {
  const operation = await deleteBucket(service, caller, bucketName, forceDelete === true)
  return { operations: [presentOperation(operation)] }
}
