import type { setResourceAccessForBucket as setResourceAccessForBucketOperation } from '../../model/lightsail/set-resource-access-for-bucket.ts'
import { setResourceAccess } from '../../service/buckets/set-resource-access.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Opens a bucket to a resource, or closes it. Throws `NotFoundException`. */
export const handleSetResourceAccessForBucket: OperationHandler<
  typeof setResourceAccessForBucketOperation
> = async ({ service, caller }, input) => {
  const operation = await setResourceAccess(service, caller, input)
  return { operations: [presentOperation(operation)] }
}
