import { setTimeout as pause } from 'node:timers/promises'
import type { BlobLedger } from '../../service/blobs/blob-ledger.ts'
import { countLeases, endAllLeases } from '../../service/blobs/written-leases.ts'
import { purgeRemovedBuckets } from '../../service/buckets/purge-removed-bucket.ts'
import type { ServiceContext } from '../../service/context.ts'
import { finishClosedUploads } from '../../service/uploads/finish-closed-uploads.ts'
import { finishRestores } from '../backup/restore-marks.ts'
import type { BlobId } from '../../storage/blob-store.ts'

/** What a sweep removed. */
export interface StoreSweep {
  readonly bucketsPurged: number
  readonly uploadsFinished: number
  readonly writersEnded: number
  /** Processes that have a lease still: they run, or were killed and no server has ended their lease yet. What they have in the making stays. */
  readonly writersLeft: number
  readonly blobsSeen: number
  readonly blobsRemoved: number
  readonly bytesRemoved: number
  /** Blobs that nothing refers to and that stay: a server reads them, or did not say. The next sweep looks at them again. */
  readonly blobsInUse: number
  /** Blobs that objects name though their references were gone, as after damage of the metadata, and that have them again. */
  readonly referencesMended: number
}

/** Servers say every five seconds what they read. */
const ANSWERS_WAIT_MS = 30_000
const ANSWERS_PAUSE_MS = 250

/**
 * Removes what crashes left, all at once: what lay in removed buckets, parts of uploads that are over, blobs that nothing refers to. The blobs
 * of writers that have a lease stay, and so do those from which a server reads, unless `serversAreStopped`: then every lease is ended first. (A server
 * that runs after all loses no write: its writes under way fail with 503, and it takes a new lease.)
 */
export async function sweepStore(
  context: ServiceContext,
  { serversAreStopped }: { readonly serversAreStopped: boolean },
): Promise<StoreSweep> {
  const { metadata } = context
  const ended = serversAreStopped ? await endAllLeases(metadata) : 0
  const ledger = await context.blobLedger.open()
  await finishRestores(context)
  let bucketsPurged = 0
  for (let purged = 1; purged > 0 || !ledger.hasRoom; bucketsPurged += purged) {
    purged = await purgeRemovedBuckets(context)
    if (!ledger.hasRoom && !(await makeRoom(ledger))) break
  }
  const uploadsFinished = await finishClosedUploads(context)
  const sizes = new Map<BlobId, number>()
  const swept = await ledger.sweep({
    onOrphans: (orphans) => {
      if (ledger.hasRoom) for (const { id, sizeBytes } of orphans) sizes.set(id, sizeBytes)
    },
  })
  await removeReleased(ledger)
  const inUse = [...ledger.releasedBlobIds].filter((id) => sizes.has(id))
  return {
    bucketsPurged,
    uploadsFinished,
    writersEnded: ended + swept.writersEnded,
    writersLeft: await countLeases(metadata, ledger.writerId),
    blobsSeen: swept.blobsSeen,
    blobsRemoved: swept.blobsRemoved - inUse.length,
    bytesRemoved: swept.bytesRemoved - inUse.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0),
    blobsInUse: inUse.length,
    referencesMended: swept.referencesMended,
  }
}

/** As {@link removeReleased}; whether more can be released then. */
async function makeRoom(ledger: BlobLedger): Promise<boolean> {
  await removeReleased(ledger)
  return ledger.hasRoom
}

/** Removes what was released and nobody reads, waiting for what the servers say about it, though not for long. */
async function removeReleased(ledger: BlobLedger): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += ANSWERS_PAUSE_MS) {
    await ledger.reclaimAll()
    if (!ledger.isUndecided || waitedMs >= ANSWERS_WAIT_MS) return
    await pause(ANSWERS_PAUSE_MS)
  }
}
