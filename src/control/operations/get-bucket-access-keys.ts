import type { getBucketAccessKeys as getBucketAccessKeysOperation } from '../../model/lightsail/get-bucket-access-keys.ts'
import { listAccessKeys } from '../../service/access-keys/list-access-keys.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentAccessKey } from '../present-access-key.ts'

/** Shows a bucket's access keys, oldest first, without secrets. Throws `NotFoundException`. */
export const handleGetBucketAccessKeys: OperationHandler<typeof getBucketAccessKeysOperation> = async (
  { service, caller },
  { bucketName },
) => {
  const keys = await listAccessKeys(service, caller, bucketName)
  return { accessKeys: keys.map(presentAccessKey) }
}
