import type { updateAccessKey as updateAccessKeyOperation } from '../../model/lugsail/update-access-key.ts'
import { setBucketKeyStatus } from '../../service/access-keys/set-bucket-key-status.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentAccessKey } from '../present-access-key.ts'
import { presentOperation } from '../present-operation.ts'

/** Switches an access key of a bucket off or on. Throws `NotFoundException`. */
export const handleUpdateAccessKey: OperationHandler<typeof updateAccessKeyOperation> = async (
  { service, caller, accessKeyUses },
  { bucketName, accessKeyId, status },
) => {
  const { accessKey, operation } = await setBucketKeyStatus(service, caller, {
    bucketName,
    accessKeyId,
    status,
  })
  const lastUsed = (await accessKeyUses.read([accessKeyId])).get(accessKeyId) ?? null
  return {
    accessKey: presentAccessKey({ ...accessKey, lastUsed }),
    operations: [presentOperation(operation)],
  }
}
