import type { createAccessKey as createAccessKeyOperation } from '../../model/lugsail/create-access-key.ts'
import type { deleteAccessKey as deleteAccessKeyOperation } from '../../model/lugsail/delete-access-key.ts'
import type { getAccessKeys as getAccessKeysOperation } from '../../model/lugsail/get-access-keys.ts'
import type { importAccessKey as importAccessKeyOperation } from '../../model/lugsail/import-access-key.ts'
import type { rotateAccessKey as rotateAccessKeyOperation } from '../../model/lugsail/rotate-access-key.ts'
import type { updateAccessKey as updateAccessKeyOperation } from '../../model/lugsail/update-access-key.ts'
import { deleteAccessKey } from '../../service/access-keys/delete-access-key.ts'
import { createKey } from '../../service/application-keys/create-key.ts'
import { deleteKey } from '../../service/application-keys/delete-key.ts'
import { invalid } from '../../service/application-keys/key-description.ts'
import { listKeys } from '../../service/application-keys/list-keys.ts'
import { rotateKey } from '../../service/application-keys/rotate-key.ts'
import { updateKey } from '../../service/application-keys/update-key.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'
import { rotateKeyOfBucket, showKeyOfId, updateKeyOfBucket, WHICH_KEY_OF_BUCKET } from './bucket-keys.ts'
import { presentKey, presentKeys } from './present-application-key.ts'

/** Makes an application key; the only response that ever shows its secret. Throws `InvalidInputException` and `NotFoundException`. */
export const handleCreateAccessKey: OperationHandler<typeof createAccessKeyOperation> = async (
  { service, caller },
  input,
) => {
  const { key, secretAccessKey, operations } = await createKey(service, caller, input)
  const accessKey = presentKey(key, service.clock.now(), null)
  return { accessKey: { ...accessKey, secretAccessKey }, operations: operations.map(presentOperation) }
}

/** Makes an application key of a pair that exists elsewhere. Throws `InvalidInputException` and `NotFoundException`. */
export const handleImportAccessKey: OperationHandler<typeof importAccessKeyOperation> = async (
  { service, caller },
  { accessKeyId, secretAccessKey, ...input },
) => {
  const made = await createKey(service, caller, { ...input, pair: { accessKeyId, secretAccessKey } })
  return {
    accessKey: presentKey(made.key, service.clock.now(), null),
    operations: made.operations.map(presentOperation),
  }
}

/** Shows application keys, by name, a page of them. Throws `InvalidInputException` and `NotFoundException`. */
export const handleGetAccessKeys: OperationHandler<typeof getAccessKeysOperation> = async (
  context,
  input,
) => {
  const { service, caller } = context
  const { accessKeyId } = input
  if (accessKeyId !== undefined) return { accessKeys: await showKeyOfId(context, accessKeyId) }
  const { keys, nextPageToken } = await listKeys(service, caller, input)
  return {
    accessKeys: await presentKeys(keys, service),
    ...(nextPageToken !== undefined && { nextPageToken }),
  }
}

/** Changes an application key, or the status of a bucket's key. Throws `InvalidInputException` and `NotFoundException`. */
export const handleUpdateAccessKey: OperationHandler<typeof updateAccessKeyOperation> = async (
  context,
  input,
) => {
  const { name, bucketName } = input
  if (bucketName !== undefined) return await updateKeyOfBucket(context, input)
  if (name === undefined) throw unnamed()
  const { service, caller } = context
  const { key, retiring, operations } = await updateKey(service, caller, { ...input, name })
  const [accessKey] = await presentKeys([{ key, retiring }], service)
  return {
    accessKey,
    operations: operations.map(presentOperation),
  }
}

/** Gives an application key, or a bucket's, a successor. Throws `InvalidInputException` and `NotFoundException`. */
export const handleRotateAccessKey: OperationHandler<typeof rotateAccessKeyOperation> = async (
  context,
  input,
) => {
  const { name, bucketName, accessKeyId, ...request } = input
  if (bucketName !== undefined) return await rotateKeyOfBucket(context, input)
  if (name === undefined) throw unnamed()
  if (accessKeyId !== undefined) throw invalid('accessKeyId is for a key of a bucket: name is enough')
  const { service, caller } = context
  const { key, retiring, secretAccessKey, operations } = await rotateKey(service, caller, name, request)
  const [accessKey] = await presentKeys([{ key, retiring }], service)
  return { accessKey: { ...accessKey, secretAccessKey }, operations: operations.map(presentOperation) }
}

/** Deletes an application key, or a bucket's, which stops at once. Throws `InvalidInputException` and `NotFoundException`. */
export const handleDeleteAccessKey: OperationHandler<typeof deleteAccessKeyOperation> = async (
  { service, caller },
  { name, bucketName, accessKeyId },
) => {
  if (bucketName !== undefined) {
    if (name !== undefined || accessKeyId === undefined) throw invalid(WHICH_KEY_OF_BUCKET)
    return {
      operations: [presentOperation(await deleteAccessKey(service, caller, bucketName, accessKeyId))],
    }
  }
  if (name === undefined) throw unnamed()
  return { operations: (await deleteKey(service, caller, name, accessKeyId)).map(presentOperation) }
}

const unnamed = () =>
  invalid('Name the key: name of an application key, or bucketName and accessKeyId of a key of a bucket')
