import type { createBucket as createBucketOperation } from '../../model/lightsail/create-bucket.ts'
import { createBucket } from '../../service/buckets/create-bucket.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentBucket } from '../present-bucket.ts'
import { presentOperation } from '../present-operation.ts'

/**
 * Makes a bucket in the region of the request. Throws `InvalidInputException`: name taken, bundle unknown, tags not allowed, quota
 * reached.
 */
export const handleCreateBucket: OperationHandler<typeof createBucketOperation> = async (
  { service, caller },
  input,
) => {
  const { bucket, operation } = await createBucket(service, caller, input)
  return { bucket: presentBucket(service, bucket), operations: [presentOperation(operation)] }
}
