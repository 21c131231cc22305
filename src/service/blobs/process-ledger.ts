import type { BlobId } from '../../storage/blob-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { BlobLedger, type BlobLedgerOptions } from './blob-ledger.ts'
import type { BodyHold } from './body-holds.ts'

const NO_HOLD: BodyHold = { readFirst: () => undefined, release: () => undefined }

/** This process's ledger over its stores, opened when it is first needed: a process that reads and writes no blob takes no lease. */
export class ProcessLedger {
  readonly #options: BlobLedgerOptions
  #opening: Promise<BlobLedger> | null = null
  #open: BlobLedger | null = null

  constructor(options: BlobLedgerOptions) {
    this.#options = options
  }

  /** The ledger, opened if it was not yet. Throws StoreUnavailable when the store gives no lease. */
  open(): Promise<BlobLedger> {
    if (this.#opening) return this.#opening
    const opening = BlobLedger.open(this.#options)
    this.#opening = opening
    opening.then(
      (ledger) => {
        if (this.#opening === opening) this.#open = ledger
      },
      // A store that does not answer now is asked again by the next one who needs the ledger; this one gets the error.
      () => {
        if (this.#opening === opening) this.#opening = null
      },
    )
    return opening
  }

  /** The ledger if it was opened: for jobs that renew, reclaim and sweep. */
  get ifOpen(): Promise<BlobLedger> | null {
    return this.#opening
  }

  /** As {@link BlobLedger.hurry}; a process without a ledger has nothing that waits. */
  hurry(): void {
    this.#open?.hurry()
  }

  /** The epoch that an object is looked up in, to be given to {@link hold}; null when this process has held nothing yet. */
  get epoch(): number | null {
    return this.#open?.epoch ?? null
  }

  /** As {@link BlobLedger.hold}. A store that takes no writes gives no lease: its blobs are then read without a hold. */
  async hold(blobIds: readonly BlobId[], epoch: number | null): Promise<BodyHold> {
    if (this.#open) return await this.#open.hold(blobIds, epoch)
    let ledger: BlobLedger
    try {
      ledger = await this.open()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      return NO_HOLD
    }
    return await ledger.hold(blobIds, epoch)
  }

  /** Removes what waits and nobody else reads, and ends the lease, if there is one. To be called before the stores are closed. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = null
    this.#open = null
    await (await opening)?.close()
  }
}
