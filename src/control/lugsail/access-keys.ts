import type { ApplicationKey } from '../../model/lugsail/access-key-shapes.ts'
import type { createAccessKey as createAccessKeyOperation } from '../../model/lugsail/create-access-key.ts'
import type { deleteAccessKey as deleteAccessKeyOperation } from '../../model/lugsail/delete-access-key.ts'
import type { getAccessKeys as getAccessKeysOperation } from '../../model/lugsail/get-access-keys.ts'
import type { importAccessKey as importAccessKeyOperation } from '../../model/lugsail/import-access-key.ts'
import type { rotateAccessKey as rotateAccessKeyOperation } from '../../model/lugsail/rotate-access-key.ts'
import type { updateAccessKey as updateAccessKeyOperation } from '../../model/lugsail/update-access-key.ts'
import type { InputOf, OutputOf } from '../../model/operation.ts'
import type { ValueOf } from '../../model/shape.ts'
import type { AccessKeyUses } from '../../service/access-keys/access-key-uses.ts'
import { setBucketKeyStatus } from '../../service/access-keys/set-bucket-key-status.ts'
import { createKey } from '../../service/application-keys/create-key.ts'
import { deleteKey } from '../../service/application-keys/delete-key.ts'
import { invalid } from '../../service/application-keys/key-description.ts'
import { keyStatusOf, listKeys, type ListedKey } from '../../service/application-keys/list-keys.ts'
import { rotateKey } from '../../service/application-keys/rotate-key.ts'
import { updateKey } from '../../service/application-keys/update-key.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { ApplicationCredential, LastUsedRecord } from '../../service/records/credential.ts'
import type { OperationContext, OperationHandler } from '../operation-handler.ts'
import { presentAccessKey, presentFullLastUse } from '../present-access-key.ts'
import { presentOperation } from '../present-operation.ts'

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
  { service, caller, accessKeyUses },
  input,
) => {
  const { keys, nextPageToken } = await listKeys(service, caller, input)
  return {
    accessKeys: await presentKeys(keys, service, accessKeyUses),
    ...(nextPageToken !== undefined && { nextPageToken }),
  }
}

/** Changes an application key, or the status of a bucket's key. Throws `InvalidInputException` and `NotFoundException`. */
export const handleUpdateAccessKey: OperationHandler<typeof updateAccessKeyOperation> = async (
  context,
  input,
) => {
  const { name, bucketName } = input
  if (bucketName !== undefined) return updateBucketKey(context, input)
  if (name === undefined)
    throw invalid(
      'Name the key: name of an application key, or bucketName and accessKeyId of a key of a bucket',
    )
  const { service, caller, accessKeyUses } = context
  const { key, retiring, operations } = await updateKey(service, caller, { ...input, name })
  const [accessKey] = await presentKeys([{ key, retiring }], service, accessKeyUses)
  return {
    accessKey,
    operations: operations.map(presentOperation),
  }
}

async function updateBucketKey(
  { service, caller, accessKeyUses }: OperationContext,
  { bucketName = '', accessKeyId, status, ...others }: InputOf<typeof updateAccessKeyOperation>,
): Promise<OutputOf<typeof updateAccessKeyOperation>> {
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
  if (other !== undefined)
    throw invalid(
      `${other} is not for a key of a bucket: it has its status alone, which bucketName and accessKeyId name`,
    )
  if (accessKeyId === undefined) throw invalid('accessKeyId is missing: a bucket has two keys')
  if (status === undefined)
    throw invalid('status is missing: nothing else of a key of a bucket can be changed')
  const { accessKey, operation } = await setBucketKeyStatus(service, caller, {
    bucketName,
    accessKeyId,
    status,
  })
  const lastUsed = (await accessKeyUses.read([accessKeyId])).get(accessKeyId) ?? null
  return {
    accessKey: {
      ...presentAccessKey({ ...accessKey, lastUsed }),
      lastUsed: presentFullLastUse(lastUsed),
      buckets: [bucketName],
    },
    operations: [presentOperation(operation)],
  }
}

/** Gives an application key a successor. Throws `NotFoundException`. */
export const handleRotateAccessKey: OperationHandler<typeof rotateAccessKeyOperation> = async (
  { service, caller, accessKeyUses },
  { name, retireInSeconds },
) => {
  const { key, retiring, secretAccessKey, operations } = await rotateKey(
    service,
    caller,
    name,
    retireInSeconds,
  )
  const [accessKey] = await presentKeys([{ key, retiring }], service, accessKeyUses)
  return { accessKey: { ...accessKey, secretAccessKey }, operations: operations.map(presentOperation) }
}

/** Keys as the API shows them, with their last uses. */
async function presentKeys(
  keys: readonly ListedKey[],
  { clock }: ServiceContext,
  accessKeyUses: AccessKeyUses,
): Promise<ValueOf<typeof ApplicationKey>[]> {
  const ids = keys.flatMap(({ key, retiring }) => [
    key.accessKeyId,
    ...(retiring ? [retiring.accessKeyId] : []),
  ])
  const lastUses = await accessKeyUses.read(ids)
  return keys.map(({ key, retiring }) => ({
    ...presentKey(key, clock.now(), lastUses.get(key.accessKeyId) ?? null),
    ...(retiring && {
      retiringKey: { ...retiring, lastUsed: presentFullLastUse(lastUses.get(retiring.accessKeyId) ?? null) },
    }),
  }))
}

/** Deletes an application key, which stops at once. Throws `NotFoundException`. */
export const handleDeleteAccessKey: OperationHandler<typeof deleteAccessKeyOperation> = async (
  { service, caller },
  { name, accessKeyId },
) => ({ operations: (await deleteKey(service, caller, name, accessKeyId)).map(presentOperation) })

function presentKey(
  key: ApplicationCredential,
  nowMs: number,
  lastUsed: LastUsedRecord | null,
): ValueOf<typeof ApplicationKey> {
  const { name, description, buckets, rights, policy, prefixes, sourceNetworks, validUntil, tags } = key
  return {
    name,
    description,
    ...presentAccessKey({ ...key, lastUsed }),
    lastUsed: presentFullLastUse(lastUsed),
    status: keyStatusOf(key, nowMs),
    buckets: buckets?.map((bucket) => bucket.name),
    rights,
    policy,
    prefixes,
    sourceNetworks,
    expiresAt: validUntil,
    tags,
  }
}
