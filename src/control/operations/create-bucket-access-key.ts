import type { createBucketAccessKey as createBucketAccessKeyOperation } from '../../model/lightsail/create-bucket-access-key.ts'
import { createAccessKey } from '../../service/access-keys/create-access-key.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentAccessKey } from '../present-access-key.ts'
import { presentOperation } from '../present-operation.ts'

/**
 * Makes an access key; the only response that ever shows its secret. Throws `NotFoundException`, and `InvalidInputException` when the bucket
 * has two.
 */
export const handleCreateBucketAccessKey: OperationHandler<typeof createBucketAccessKeyOperation> = async (
  { service, caller },
  { bucketName },
) => {
  const { accessKey, secretAccessKey, operation } = await createAccessKey(service, caller, bucketName)
  return {
    accessKey: { ...presentAccessKey(accessKey), secretAccessKey },
    operations: [presentOperation(operation)],
  }
}
