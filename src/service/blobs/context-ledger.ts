import type { ServiceContext } from '../context.ts'
import { BlobLedger } from './blob-ledger.ts'

const ledgers = new WeakMap<ServiceContext, Promise<BlobLedger>>()

/** This process's ledger over the context's stores, opened when it is first needed: a process that writes no blob takes no lease. */
export function blobLedgerOf(context: ServiceContext): Promise<BlobLedger> {
  const known = ledgers.get(context)
  if (known) return known
  const opening = BlobLedger.open(context)
  ledgers.set(context, opening)
  // A store that does not answer now is asked again by the next one who needs the ledger; this one gets the error.
  opening.catch(() => ledgers.delete(context))
  return opening
}

/** The ledger if it was opened: for jobs that renew, reclaim and sweep. */
export const openBlobLedgerOf = (context: ServiceContext): Promise<BlobLedger> | null =>
  ledgers.get(context) ?? null

/** Removes what waits and ends the lease, if there is one. To be called before the stores are closed. */
export async function closeBlobLedger(context: ServiceContext): Promise<void> {
  const ledger = ledgers.get(context)
  ledgers.delete(context)
  await (await ledger)?.close()
}
