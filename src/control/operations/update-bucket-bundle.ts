import type { updateBucketBundle as updateBucketBundleOperation } from '../../model/lightsail/update-bucket-bundle.ts'
import { updateBucketBundle } from '../../service/buckets/update-bucket-bundle.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Changes a bucket's bundle, once a month. Throws `NotFoundException` and `InvalidInputException`. */
export const handleUpdateBucketBundle: OperationHandler<typeof updateBucketBundleOperation> = async (
  { service, caller },
  { bucketName, bundleId },
) => {
  const operation = await updateBucketBundle(service, caller, bucketName, bundleId)
  return { operations: [presentOperation(operation)] }
}
