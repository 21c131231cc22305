import type { revokeAccessKey as revokeAccessKeyOperation } from '../../model/lugsail/revoke-access-key.ts'
import { findKeyOfId } from '../../service/access-keys/find-key-of-id.ts'
import { setBucketKeyStatus } from '../../service/access-keys/set-bucket-key-status.ts'
import { invalid } from '../../service/application-keys/key-description.ts'
import { idsOf, readKey } from '../../service/application-keys/read-key.ts'
import { updateKey } from '../../service/application-keys/update-key.ts'
import type { ServiceContext } from '../../service/context.ts'
import { lookUpAccess } from '../../service/credentials/look-up-access.ts'
import { DomainError } from '../../service/errors/domain-error.ts'
import { abortUploadsOfKeys } from '../../service/uploads/abort-uploads-of-keys.ts'
import type { OperationContext, OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'
import { presentBucketKey } from './bucket-keys.ts'
import { presentKeys } from './present-application-key.ts'

/** Switches a key off and ends its uploads. Throws `InvalidInputException` and `NotFoundException`. */
export const handleRevokeAccessKey: OperationHandler<typeof revokeAccessKeyOperation> = async (
  context,
  { name, accessKeyId, pageToken },
) => {
  const { service, caller } = context
  const { accountId } = caller
  const isFirst = pageToken === undefined || pageToken === ''
  const switchedOff = isFirst
    ? await switchOff(context, await findKey(service, accountId, name, accessKeyId))
    : {}
  // Read once it begins nothing any more: it may have been rotated at that moment.
  const key = await findKey(service, accountId, name, accessKeyId)
  const { abortedUploads, nextPageToken } = await abortUploadsOfKeys(service, {
    accountId,
    ...key,
    pageToken,
  })
  return { ...switchedOff, abortedUploads, ...(nextPageToken !== undefined && { nextPageToken }) }
}

interface FoundKey {
  /** Of an application key. */
  readonly name?: string
  /** Of a bucket's key. */
  readonly bucketName?: string
  /** All ids that the key has, or has had before its rotation; of a bucket's key first the one that is named. */
  readonly accessKeyIds: readonly string[]
}

async function findKey(
  service: ServiceContext,
  accountId: string,
  name: string | undefined,
  accessKeyId: string | undefined,
): Promise<FoundKey> {
  if (name !== undefined && accessKeyId === undefined)
    return { name, accessKeyIds: idsOf((await readKey(service, accountId, name)).names) }
  if (name !== undefined || accessKeyId === undefined)
    throw invalid('Name the key: either name, of an application key, or accessKeyId')
  const found = await findKeyOfId(service, accountId, accessKeyId)
  if (!found) throw new DomainError('NoSuchKeyId', { accessKeyId })
  if (found.type === 'application-key') return await findKey(service, accountId, found.name, undefined)
  const before = found.predecessor ? [found.predecessor.accessKeyId] : []
  return { bucketName: found.record.bucketName, accessKeyIds: [accessKeyId, ...before] }
}

async function switchOff(
  { service, caller }: OperationContext,
  { name, bucketName = '', accessKeyIds }: FoundKey,
) {
  if (name === undefined) {
    const { bucket } = await lookUpAccess(service, null, bucketName)
    // Whichever region the request is signed for: there is no time to look.
    const owner = { ...caller, region: bucket?.record.region ?? caller.region }
    const changes: Awaited<ReturnType<typeof setBucketKeyStatus>>[] = []
    for (const accessKeyId of accessKeyIds)
      changes.push(await setBucketKeyStatus(service, owner, { bucketName, accessKeyId, status: 'Inactive' }))
    const [named] = changes
    return {
      ...(named && { accessKey: await presentBucketKey(named.accessKey, service) }),
      operations: changes.map(({ operation }) => presentOperation(operation)),
    }
  }
  const { key, retiring, operations } = await updateKey(service, caller, { name, status: 'Inactive' })
  const [accessKey] = await presentKeys([{ key, retiring }], service)
  return { accessKey, operations: operations.map(presentOperation) }
}
