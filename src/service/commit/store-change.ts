import type { Change, CommitOutcome } from '../../storage/metadata-store.ts'
import { blobReferenceKey } from '../keyspace.ts'
import { usageDelta } from '../usage/usage.ts'
import { BucketChange } from './bucket-change.ts'
import type { CommitParts } from './commit-parts.ts'

/**
 * Hands a change to the metadata store, once. One of a bucket's content is counted in the bucket's usage, and refers to the blobs that it
 * claims and no longer to those that it releases, in the same commit. Throws StoreUnavailable, also when this process lost the lease under which
 * the claimed blobs were written.
 */
export async function storeChange(
  { metadata, blobLedger }: Omit<CommitParts, 'turns'>,
  change: Change,
): Promise<CommitOutcome> {
  if (!(change instanceof BucketChange)) return await metadata.commit(change)
  change.usesReserve ??= makesRoom(change)
  const { claimedBlobs, releasedBlobs, passingBlobs } = change
  const counts = {
    sizeBytes: change.bytesDelta,
    objects: change.objectsDelta,
    recordSum: change.recordSumDelta,
    lostRecords: change.lostRecords,
  }
  change.adds.push(...usageDelta(change.bucketId, counts))
  if (claimedBlobs.length + releasedBlobs.length + passingBlobs.length === 0)
    return await metadata.commit(change)

  const ledger = await blobLedger.open()
  change.checks.push(...ledger.leaseChecks(claimedBlobs))
  for (const blobId of claimedBlobs)
    change.sets.push({ key: blobReferenceKey(blobId), value: Buffer.alloc(0) })
  for (const blobId of releasedBlobs) change.deletes.push(blobReferenceKey(blobId))
  const outcome = await metadata.commit(change)
  if (outcome !== 'ok') {
    await ledger.confirmLease(claimedBlobs)
    return outcome
  }
  ledger.settle(claimedBlobs)
  ledger.release([...releasedBlobs, ...passingBlobs])
  return outcome
}

/** Deletes of objects, versions and uploads, delete markers too; not what brings bytes, though it may take others away. */
export const makesRoom = ({ claimedBlobs, bytesDelta, deletes }: BucketChange): boolean =>
  claimedBlobs.length === 0 && bytesDelta <= 0 && deletes.length > 0
