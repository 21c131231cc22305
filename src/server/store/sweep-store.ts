import { sweepBlobs } from '../../service/blobs/sweep.ts'
import { purgeRemovedBuckets } from '../../service/buckets/purge-removed-bucket.ts'
import type { ServiceContext } from '../../service/context.ts'
import { finishClosedUploads } from '../../service/uploads/finish-closed-uploads.ts'

/** What a sweep removed. */
export interface StoreSweep {
  readonly bucketsPurged: number
  readonly uploadsFinished: number
  readonly writersEnded: number
  readonly blobsSeen: number
  readonly blobsRemoved: number
  readonly bytesRemoved: number
}

/**
 * Removes what crashes left, all at once: what lay in removed buckets, parts of uploads that are over, blobs that nothing refers to. The blobs
 * of writers whose lease still runs stay, unless `serversAreStopped`: then every lease is ended first. (A server that runs after
 * all loses nothing: its writes under way fail with 503, and it takes a new lease.)
 */
export async function sweepStore(
  context: ServiceContext,
  { serversAreStopped }: { readonly serversAreStopped: boolean },
): Promise<StoreSweep> {
  let bucketsPurged = 0
  for (let purged = 1; purged > 0; bucketsPurged += purged) purged = await purgeRemovedBuckets(context)
  const uploadsFinished = await finishClosedUploads(context)
  const { metadata, blobs } = context
  const clock = serversAreStopped ? { now: () => Infinity } : context.clock
  const swept = await sweepBlobs({ metadata, blobs, clock, isLeftover: () => false })
  return { bucketsPurged, uploadsFinished, ...swept }
}
