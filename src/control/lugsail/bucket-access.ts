import type { getBucketAccess as getBucketAccessOperation } from '../../model/lugsail/get-bucket-access.ts'
import { readBucketAccess } from '../../service/authorization/bucket-access.ts'
import type { OperationHandler } from '../operation-handler.ts'

/** Tells what a key may do in a bucket, and why. Throws `NotFoundException` and `InvalidInputException`. */
export const handleGetBucketAccess: OperationHandler<typeof getBucketAccessOperation> = async (
  { service, caller },
  input,
) => ({ access: await readBucketAccess(service, caller, input) })
