import type { ApplicationKey } from '../../model/lugsail/access-key-shapes.ts'
import type { rotateAccessKey as rotateAccessKeyOperation } from '../../model/lugsail/rotate-access-key.ts'
import type { updateAccessKey as updateAccessKeyOperation } from '../../model/lugsail/update-access-key.ts'
import type { InputOf, OutputOf } from '../../model/operation.ts'
import type { ValueOf } from '../../model/shape.ts'
import { findKeyOfId } from '../../service/access-keys/find-key-of-id.ts'
import { rotateBucketKey } from '../../service/access-keys/rotate-bucket-key.ts'
import { setBucketKeyStatus } from '../../service/access-keys/set-bucket-key-status.ts'
import { invalid } from '../../service/application-keys/key-description.ts'
import { listKeys } from '../../service/application-keys/list-keys.ts'
import type { ServiceContext } from '../../service/context.ts'
import { refusalOf } from '../../service/credentials/refused-key.ts'
import type { BucketCredential } from '../../service/records/credential.ts'
import type { OperationContext } from '../operation-handler.ts'
import { presentAccessKey, presentFullLastUse } from '../present-access-key.ts'
import { presentOperation } from '../present-operation.ts'
import { presentKeys, presentRetirement } from './present-application-key.ts'

/** What is said to who does not say which of a bucket's keys. */
export const WHICH_KEY_OF_BUCKET =
  'A key of a bucket is named by bucketName and accessKeyId, and by nothing else: a bucket has two'

/** Switches a key of a bucket off or on. Throws `InvalidInputException` and `NotFoundException`. */
export async function updateKeyOfBucket(
  { service, caller }: OperationContext,
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
  return {
    accessKey: await presentBucketKey(accessKey, service),
    operations: [presentOperation(operation)],
  }
}

/** Gives a key of a bucket a successor. Throws `InvalidInputException` and `NotFoundException`. */
export async function rotateKeyOfBucket(
  { service, caller }: OperationContext,
  { name, bucketName = '', accessKeyId, ...request }: InputOf<typeof rotateAccessKeyOperation>,
): Promise<OutputOf<typeof rotateAccessKeyOperation>> {
  if (name !== undefined || accessKeyId === undefined) throw invalid(WHICH_KEY_OF_BUCKET)
  const which = { bucketName, accessKeyId }
  const { accessKey, retiring, secretAccessKey, operation } = await rotateBucketKey(
    service,
    caller,
    which,
    request,
  )
  return {
    accessKey: {
      ...(await presentBucketKey(accessKey, service, retiring)),
      secretAccessKey,
    },
    operations: [presentOperation(operation)],
  }
}

/** The one key of an id, an application key or a bucket's own; none where the account has none. */
export async function showKeyOfId(
  { service, caller }: OperationContext,
  accessKeyId: string,
): Promise<ValueOf<typeof ApplicationKey>[]> {
  const found = await findKeyOfId(service, caller.accountId, accessKeyId)
  if (found?.type === 'application-key') {
    const { keys } = await listKeys(service, caller, { name: found.name })
    const meant = keys.filter(({ key, retiring }) =>
      [key.accessKeyId, retiring?.accessKeyId].includes(accessKeyId),
    )
    return await presentKeys(meant, service)
  }
  if (found?.type !== 'bucket-key') return []
  return [await presentBucketKey(found.record, service, found.predecessor)]
}

/** A key of a bucket as the own API shows it, with what is to become of the one before, or of itself where it has a successor. */
export async function presentBucketKey(
  record: BucketCredential,
  service: ServiceContext,
  predecessor: BucketCredential | null = null,
): Promise<ValueOf<typeof ApplicationKey>> {
  const { accessKeyId, createdAt, bucketName } = record
  const retiring = record.retirement ? record : predecessor
  const lastUses = await service.accessKeyUses.read([
    accessKeyId,
    ...(retiring ? [retiring.accessKeyId] : []),
  ])
  const lastUsed = lastUses.get(accessKeyId) ?? null
  const isStopped = refusalOf(record, service.clock.now()) !== null
  const status = isStopped ? 'Inactive' : 'Active'
  return {
    ...presentAccessKey({ accessKeyId, createdAt, status, lastUsed }),
    lastUsed: presentFullLastUse(lastUsed),
    buckets: [bucketName],
    ...(retiring?.retirement && {
      retiringKey: presentRetirement(service, {
        ...retiring.retirement,
        accessKeyId: retiring.accessKeyId,
        status: retiring.status,
        lastUsed: lastUses.get(retiring.accessKeyId) ?? null,
      }),
    }),
  }
}
