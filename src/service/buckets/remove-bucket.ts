import { ACCESS_KEY_SLOTS } from '../records/credential.ts'
import type { Change } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import {
  accessKeySlotKey,
  bucketIndexKey,
  bucketKey,
  credentialKey,
  lastUsedKey,
  objectsRange,
  removedBucketKey,
  versionsRange,
} from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { removedBucketCodec } from '../records/removed-bucket.ts'

/** The access keys of a bucket as they were read, to be checked again by the commit that removes it. */
export interface KeySlots {
  readonly accessKeyIds: readonly string[]
  readonly checks: NonNullable<Change['checks']>
}

/** Reads both slots for a bucket's access keys, taken or free. */
export async function readKeySlots(context: ServiceContext, bucketId: string): Promise<KeySlots> {
  const keys = slotKeysOf(bucketId)
  const entries = await context.metadata.getMany(keys)
  return {
    accessKeyIds: entries.flatMap((entry) => (entry ? [entry.value.toString()] : [])),
    checks: keys.map((key, slot) => ({ key, version: entries[slot]?.version ?? null })),
  }
}

/**
 * The one commit after which a bucket is gone: its name is free, its keys open nothing, and writes under way fail on their check of the
 * bucket. What lay in it is under its id, which is never used again; the removed-bucket record is the memory of what `purgeRemovedBucket` still
 * has to remove, however often the server stops in between. That the bucket is as it was read is the caller's to check. `mustBeEmpty`: not when it holds an object or a version.
 */
export function removalOf(
  context: ServiceContext,
  record: BucketRecord,
  slots: KeySlots,
  mustBeEmpty: boolean,
): Change {
  const { bucketId, name, accountId, region } = record
  const removed = { bucketId, name, accountId, removedAt: context.clock.now() }
  return {
    checks: slots.checks,
    emptyRanges: mustBeEmpty ? [objectsRange(bucketId), versionsRange(bucketId)] : [],
    sets: [{ key: removedBucketKey(bucketId), value: removedBucketCodec.encode(removed) }],
    deletes: [
      bucketKey(name),
      bucketIndexKey(accountId, region, name),
      ...slotKeysOf(bucketId),
      ...slots.accessKeyIds.flatMap((id) => [credentialKey(id), lastUsedKey(id)]),
    ],
  }
}

const slotKeysOf = (bucketId: string): Buffer[] =>
  ACCESS_KEY_SLOTS.map((slot) => accessKeySlotKey(bucketId, slot))
