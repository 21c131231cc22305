import { setTimeout as pause } from 'node:timers/promises'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { blobReferenceKey } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { admittedChecks, readmit, type Admitted } from '../readmit.ts'
import { usageDelta } from '../usage/usage.ts'
import type { BucketChange } from './bucket-change.ts'
import { StaleRead } from './object-state.ts'

/** What an attempt decided, from the state it read: a change to commit, or none when the answer needs none. */
export interface Decision<T> {
  readonly change: BucketChange | null
  readonly result: T
}

/** More lost races than this for one request mean that something else is wrong. */
const ATTEMPTS_MAX = 100
const PAUSE_MS_MAX = 100

/**
 * Commits a change of one object: `decide` reads the state and decides; when the commit finds that the state, the bucket or the
 * credential changed meanwhile, all is read and decided again. The commit checks buckets and credential along with what `decide`
 * checks, counts the usage, and claims and releases blobs. Throws what `decide` throws; `NoSuchBucket` and `InvalidAccessKeyId` when
 * those are gone; what `admission.reauthorize` throws; `SlowDown` after {@link ATTEMPTS_MAX} lost races.
 */
export async function commitChange<T>(
  context: ServiceContext,
  admission: Admission,
  key: string,
  decide: (bucket: BucketRecord) => Promise<Decision<T>>,
): Promise<T> {
  return context.turns.take(`${admission.bucket.record.bucketId}/${key}`, async () => {
    let admitted: Admitted = admission
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      if (attempt > 1) {
        await pauseBefore(attempt)
        admitted = await readmit(context, admission, admitted)
      }
      try {
        const { change, result } = await decide(admitted.bucket.record)
        if (!change) return result
        if (await tryCommit(context, admitted, change)) return result
      } catch (error) {
        if (!(error instanceof StaleRead)) throw error
      }
    }
    throw new ServiceError('SlowDown')
  })
}

async function tryCommit(
  context: ServiceContext,
  admitted: Admitted,
  change: BucketChange,
): Promise<boolean> {
  change.checks.push(...admittedChecks(admitted))
  return commitUnchecked(context, change)
}

/**
 * Commits a change without a request behind it: bucket and credential are not checked. Counts the usage, and claims and releases blobs. False
 * when it conflicts: nothing was changed then.
 */
export async function commitUnchecked(context: ServiceContext, change: BucketChange): Promise<boolean> {
  const { claimedBlobs, releasedBlobs, bytesDelta, objectsDelta } = change
  change.adds.push(...usageDelta(change.bucketId, { sizeBytes: bytesDelta, objects: objectsDelta }))
  if (claimedBlobs.length === 0 && releasedBlobs.length === 0)
    return (await context.metadata.commit(change.toChange())) === 'ok'

  const ledger = await context.blobLedger.open()
  change.checks.push(...ledger.leaseChecks(claimedBlobs))
  for (const blobId of claimedBlobs)
    change.sets.push({ key: blobReferenceKey(blobId), value: Buffer.alloc(0) })
  for (const blobId of releasedBlobs) change.deletes.push(blobReferenceKey(blobId))
  const outcome = await context.metadata.commit(change.toChange())
  if (outcome !== 'ok') {
    await ledger.confirmLease(claimedBlobs)
    return false
  }
  ledger.settle(claimedBlobs)
  ledger.release(releasedBlobs)
  return true
}

/** The first repetition comes at once; later ones wait for a random time that grows, so that writers of several processes pass each other. */
async function pauseBefore(attempt: number): Promise<void> {
  if (attempt > 2) await pause(Math.random() * Math.min(PAUSE_MS_MAX, 2 ** attempt))
}
