import { StoreUnavailable } from '../../storage/metadata-store.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import type { ServiceContext } from '../context.ts'

/**
 * Runs the commit of blobs that were just written, and lets go of them when it fails. After a store that did not answer nobody knows whether
 * the commit happened; the blobs then stay, for the sweeper to look at.
 */
export async function releaseOnFailure<T>(
  context: ServiceContext,
  blobIds: readonly BlobId[],
  commit: () => Promise<T>,
): Promise<T> {
  if (blobIds.length === 0) return await commit()
  const ledger = await context.blobLedger.open()
  try {
    return await commit()
  } catch (error) {
    if (error instanceof StoreUnavailable) ledger.settle(blobIds)
    else ledger.release(blobIds)
    throw error
  }
}
