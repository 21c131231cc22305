import type { Transaction } from 'lmdb'
import { StoreUnavailable, type Entry, type MetadataSnapshot, type ScanRange } from '../metadata-store.ts'
import type { Environment } from './environment.ts'
import type { LiveEnvironment } from './live-environment.ts'
import type { ReadGuard } from './read-guard.ts'
import { scanRange } from './scan-range.ts'

/** A read transaction that stays: pages that commits replace meanwhile are kept, so that the file grows where it would use them again. */
export class LmdbSnapshot implements MetadataSnapshot {
  readonly #live: LiveEnvironment
  readonly #guard: ReadGuard
  #held: { readonly environment: Environment; readonly transaction: Transaction } | null
  readonly #end = (): void => this.#letGo()

  constructor(live: LiveEnvironment, guard: ReadGuard) {
    this.#live = live
    this.#guard = guard
    const environment = live.startReading()
    this.#held = { environment, transaction: environment.useReadTransaction() }
    live.onEnd.add(this.#end)
  }

  async scan(range: ScanRange): Promise<Entry[]> {
    if (!this.#held)
      throw new StoreUnavailable('the state that was being read is gone: the metadata store was opened anew')
    const { environment, transaction } = this.#held
    return scanRange(environment, range, { guard: this.#guard, transaction })
  }

  async close(): Promise<void> {
    this.#letGo()
  }

  #letGo(): void {
    this.#live.onEnd.delete(this.#end)
    this.#held?.transaction.done()
    this.#held = null
  }
}
