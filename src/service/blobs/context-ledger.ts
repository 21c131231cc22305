import type { BlobId } from '../../storage/blob-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { BlobLedger } from './blob-ledger.ts'
import type { BodyHold } from './body-holds.ts'

const ledgers = new WeakMap<ServiceContext, Promise<BlobLedger>>()
const openLedgers = new WeakMap<ServiceContext, BlobLedger>()

/** This process's ledger over the context's stores, opened when it is first needed: a process that reads and writes no blob takes no lease. */
export function blobLedgerOf(context: ServiceContext): Promise<BlobLedger> {
  const known = ledgers.get(context)
  if (known) return known
  const opening = BlobLedger.open(context)
  ledgers.set(context, opening)
  opening.then(
    (ledger) => openLedgers.set(context, ledger),
    // A store that does not answer now is asked again by the next one who needs the ledger; this one gets the error.
    () => ledgers.delete(context),
  )
  return opening
}

/** The ledger if it was opened: for jobs that renew, reclaim and sweep. */
export const openBlobLedgerOf = (context: ServiceContext): Promise<BlobLedger> | null =>
  ledgers.get(context) ?? null

/** The epoch that an object is looked up in, to be given to {@link holdBlobs}; null when this process has held nothing yet. */
export const readEpoch = (context: ServiceContext): number | null => openLedgers.get(context)?.epoch ?? null

/** As {@link BlobLedger.hold}. A store that takes no writes gives no lease: its blobs are then read without a hold. */
export async function holdBlobs(
  context: ServiceContext,
  blobIds: readonly BlobId[],
  epoch: number | null,
): Promise<BodyHold> {
  const open = openLedgers.get(context)
  if (open) return open.hold(blobIds, epoch)
  let ledger: BlobLedger
  try {
    ledger = await blobLedgerOf(context)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return NO_HOLD
  }
  return ledger.hold(blobIds, epoch)
}

const NO_HOLD: BodyHold = { readFirst: () => undefined, release: () => undefined }

/** Removes what waits and nobody else reads, and ends the lease, if there is one. To be called before the stores are closed. */
export async function closeBlobLedger(context: ServiceContext): Promise<void> {
  const ledger = ledgers.get(context)
  ledgers.delete(context)
  openLedgers.delete(context)
  await (await ledger)?.close()
}
