import { changeBucket } from '../buckets/change-bucket.ts'
import { ownBuckets } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { resourceTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { credentialKey, lastUsedKey, resourceKey } from '../keyspace.ts'
import { resourceCodec } from '../records/resource.ts'

/** Deletes a resource: its key stops at once, and no bucket stays attached to it. Throws `NoSuchResource`. */
export async function deleteResource(context: ServiceContext, owner: Caller, name: string): Promise<void> {
  const key = resourceKey(owner.accountId, owner.region, name)
  await commitForCaller(context, owner, resourceTurn(owner.accountId, owner.region, name), async () => {
    const [entry] = await context.metadata.getMany([key])
    if (!entry) throw new DomainError('NoSuchResource', { resourceName: name })
    const { accessKeyId } = resourceCodec.decode(entry.value)
    return {
      change: {
        checks: [{ key, version: entry.version }],
        deletes: [key, credentialKey(accessKeyId), lastUsedKey(accessKeyId)],
      },
      result: undefined,
    }
  })
  await detachFromBuckets(context, owner, name)
}

/** Takes the resource out of every bucket of its account and region that is open to it. */
export async function detachFromBuckets(context: ServiceContext, owner: Caller, name: string): Promise<void> {
  for await (const { record } of ownBuckets(context, owner)) {
    if (!record.receivers.some((receiver) => receiver.name === name)) continue
    try {
      await changeBucket(context, owner, record.name, (current) => ({
        record: { ...current, receivers: current.receivers.filter((receiver) => receiver.name !== name) },
        operation: null,
      }))
    } catch (error) {
      // A bucket that was deleted meanwhile is attached to nothing.
      if (!isDomainError(error, 'NoSuchBucket')) throw error
    }
  }
}
