import { randomBytes } from 'node:crypto'
import type { BlobId } from '../../storage/blob-store.ts'
import type { ServiceContext } from '../context.ts'

/** A new id for a blob that this process writes. */
export const newBlobId = (_context: ServiceContext): BlobId => randomBytes(16).toString('hex')

/** Lets go of blobs that nothing refers to (any more); they are removed once nobody can be reading them. */
export function releaseBlobs(context: ServiceContext, blobIds: readonly BlobId[]): void {
  if (blobIds.length > 0) void context.blobs.delete(blobIds)
}
