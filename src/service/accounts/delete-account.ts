import { accountTurn, commitRetrying } from '../commit.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import {
  accountKey,
  accountNameKey,
  bucketIndexRange,
  canonicalUserKey,
  credentialKey,
  lastUsedKey,
  resourcesRange,
} from '../keyspace.ts'
import { resourceCodec } from '../records/resource.ts'
import { deleteResource } from '../resources/delete-resource.ts'
import { findAccount } from './read-accounts.ts'

const RESOURCES_PER_ROUND = 100

/** Deletes an account, its key pair and its resources. Throws `InvalidInputException` while it owns buckets, and `NotFoundException`. */
export async function deleteAccount(context: ServiceContext, nameOrId: string): Promise<void> {
  const { record } = await findAccount(context, nameOrId)
  const { accountId, name } = record
  const buckets = bucketIndexRange(accountId)
  const ownsBuckets = () =>
    new ServiceError('InvalidInputException', `The account ${name} owns buckets; delete them first`)
  if ((await context.metadata.scan({ ...buckets, limit: 1, keysOnly: true })).length > 0) throw ownsBuckets()
  await deleteResources(context, accountId)
  await commitRetrying(context, accountTurn(accountId), async () => {
    const { record: current, version } = await findAccount(context, accountId)
    return {
      change: {
        checks: [{ key: accountKey(accountId), version }],
        emptyRanges: [buckets, resourcesRange(accountId)],
        deletes: [
          accountKey(accountId),
          accountNameKey(current.name),
          canonicalUserKey(current.canonicalUserId),
          credentialKey(current.accessKeyId),
          lastUsedKey(current.accessKeyId),
        ],
      },
      result: undefined,
      whenNotEmpty: ownsBuckets,
    }
  })
}

async function deleteResources(context: ServiceContext, accountId: string): Promise<void> {
  for (;;) {
    const entries = await context.metadata.scan({ ...resourcesRange(accountId), limit: RESOURCES_PER_ROUND })
    if (entries.length === 0) return
    for (const entry of entries) {
      const { region, name } = resourceCodec.decode(entry.value)
      await deleteResource(context, { accountId, region }, name)
    }
  }
}
