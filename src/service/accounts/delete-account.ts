import type { Caller } from '../caller.ts'
import { accountTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import {
  accountKey,
  accountNameKey,
  bucketIndexRange,
  canonicalUserKey,
  credentialKey,
  keyCountKey,
  keyNamesRange,
  lastUsedKey,
  resourcesRange,
  rolesRange,
} from '../keyspace.ts'
import { resourceCodec } from '../records/resource.ts'
import { deleteResource } from '../resources/delete-resource.ts'
import { deleteAllKeys } from '../application-keys/delete-all-keys.ts'
import { deleteAllRoles } from '../roles/delete-role.ts'
import { FIRST_ACCOUNT_NAME } from './first-account.ts'
import { findAccount } from './read-accounts.ts'

const RESOURCES_PER_ROUND = 100

/**
 * Deletes an account, its key pair, its application keys, its roles and its resources: what its keys began is not committed from then on. Throws
 * `FirstAccountStays` to whoever asks with a key, `AccountOwnsBuckets` while it owns buckets, and `NoSuchAccount`.
 */
export async function deleteAccount(
  context: ServiceContext,
  nameOrId: string,
  caller: Pick<Caller, 'credential'> = {},
): Promise<void> {
  const { accountId, name } = (await findAccount(context, nameOrId)).record
  if (caller.credential && name === FIRST_ACCOUNT_NAME)
    throw new DomainError('FirstAccountStays', { accountName: name })
  await commitForCaller(context, caller, accountTurn(accountId), async () => {
    const { record, version } = await findAccount(context, accountId)
    const buckets = bucketIndexRange(accountId)
    if ((await context.metadata.scan({ ...buckets, limit: 1, keysOnly: true })).length > 0)
      throw new DomainError('AccountOwnsBuckets', { accountName: record.name })
    await deleteResources(context, accountId)
    await deleteAllKeys(context, accountId)
    await deleteAllRoles(context, accountId)
    return {
      change: {
        checks: [{ key: accountKey(accountId), version }],
        // A bucket, a resource, a key or a role that came meanwhile is looked at in the next attempt.
        emptyRanges: [buckets, resourcesRange(accountId), keyNamesRange(accountId), rolesRange(accountId)],
        deletes: [
          accountKey(accountId),
          accountNameKey(record.name),
          canonicalUserKey(record.canonicalUserId),
          keyCountKey(accountId),
          credentialKey(record.accessKeyId),
          lastUsedKey(record.accessKeyId),
          ...(record.retiring === undefined
            ? []
            : [credentialKey(record.retiring.accessKeyId), lastUsedKey(record.retiring.accessKeyId)]),
        ],
      },
      result: undefined,
    }
  })
}

async function deleteResources(context: ServiceContext, accountId: string): Promise<void> {
  for (;;) {
    const entries = await context.metadata.scan({ ...resourcesRange(accountId), limit: RESOURCES_PER_ROUND })
    if (entries.length === 0) return
    for (const entry of entries) {
      const { region, name } = resourceCodec.decode(entry.value)
      try {
        await deleteResource(context, { accountId, region }, name)
      } catch (error) {
        // Who deletes it at the same time was faster.
        if (!isDomainError(error, 'NoSuchResource')) throw error
      }
    }
  }
}
