import { keyAfter } from '../../base/key.ts'
import type { StoredBucket } from '../admission.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import { lockWatchTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { bucketKey, objectPrefix, parseVersionKey, versionPrefix } from '../keyspace.ts'
import { scanItems } from '../listing/list-page.ts'
import { lockOf } from '../locks/lock-rules.ts'
import { bucketCodec } from '../records/bucket.ts'
import { decodeObject } from '../records/object-codec.ts'
import type { ObjectRecord } from '../records/object.ts'

/** A version that must stay. */
interface LockedVersion {
  readonly key: string
  readonly record: ObjectRecord
  readonly lock: NonNullable<ReturnType<typeof lockOf>>
}

const WATCHES_MAX = 20
const VERSIONS_PER_READ = 1_000

/**
 * Reads a bucket such that a commit which checks the version read fails when a version in it is locked from now on, or a locked one moves from one
 * row to another. Costs a commit in a bucket with object lock; in any other, switching object lock on already changes the bucket. `read` may be
 * called several times. Throws as `read`, and `LocksBusy` when others kept locking.
 */
export async function watchLocks(
  context: ServiceContext,
  read: () => Promise<StoredBucket>,
): Promise<StoredBucket> {
  for (let count = 0; count < WATCHES_MAX; count++) {
    const bucket = await read()
    if (!bucket.record.objectLock || bucket.record.locksAreWatched) return bucket
    // A turn of its own: whoever watches may have the bucket's.
    await commitInTurn(context, lockWatchTurn(bucket.record.bucketId), async () => {
      const { record, version } = await read()
      const key = bucketKey(record.name)
      const value = bucketCodec.encode({ ...record, locksAreWatched: true })
      return { change: { checks: [{ key, version }], sets: [{ key, value }] }, result: undefined }
    })
  }
  throw new DomainError('LocksBusy')
}

/**
 * A version in the bucket that may not be removed now, GOVERNANCE retention included: removing everything at once cannot ask to bypass it. Null when
 * there is none. Reads all versions of a bucket with object lock, a page at a time; no other can hold a locked one.
 */
export async function findLockedVersion(
  context: ServiceContext,
  { record: { bucketId, objectLock } }: StoredBucket,
): Promise<LockedVersion | null> {
  if (!objectLock) return null
  const nowMs = context.clock.now()
  const ranges = [
    { prefix: objectPrefix(bucketId), nameOf: (key: Buffer, start: number) => key.toString('utf8', start) },
    { prefix: versionPrefix(bucketId), nameOf: (key: Buffer) => parseVersionKey(bucketId, key).key },
  ]
  for (const { prefix, nameOf } of ranges) {
    for (let start = prefix; ;) {
      const limit = VERSIONS_PER_READ
      const items = await scanItems(context, { prefix, start, delimiter: undefined, limit })
      for (const item of items) {
        if (item.type !== 'entry') continue
        const { record } = decodeObject(item.entry.value)
        const lock = lockOf(record, nowMs)
        if (lock !== null) return { key: nameOf(item.entry.key, prefix.length), record, lock }
        start = keyAfter(item.entry.key)
      }
      if (items.length < limit) break
    }
  }
  return null
}
