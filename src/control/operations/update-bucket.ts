import type { updateBucket as updateBucketOperation } from '../../model/lightsail/update-bucket.ts'
import { updateBucket } from '../../service/buckets/update-bucket.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentBucket } from '../present-bucket.ts'
import { presentOperation } from '../present-operation.ts'

/** Changes settings of a bucket; what is not named stays. Throws `NotFoundException` and `InvalidInputException`. */
export const handleUpdateBucket: OperationHandler<typeof updateBucketOperation> = async (
  { service, caller },
  input,
) => {
  const { bucket, operation } = await updateBucket(service, caller, input)
  return {
    bucket: presentBucket(service, bucket, { cors: input.cors !== undefined }),
    operations: [presentOperation(operation)],
  }
}
