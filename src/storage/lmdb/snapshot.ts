import type { Transaction } from 'lmdb'
import { StoreUnavailable, type Entry, type MetadataSnapshot, type ScanRange } from '../metadata-store.ts'
import type { Environment } from './environment.ts'
import type { LiveEnvironment } from './live-environment.ts'
import type { Row, RowReader } from './row-reader.ts'
import { rowsOf, scanRange } from './scan-range.ts'

/** A read transaction that stays: pages that commits replace meanwhile are kept, so that the file grows where it would use them again. */
export class LmdbSnapshot implements MetadataSnapshot {
  readonly #live: LiveEnvironment
  readonly #rows: RowReader
  #held: { readonly environment: Environment; readonly transaction: Transaction } | null
  readonly #end = (): void => this.#letGo()

  constructor(live: LiveEnvironment, rows: RowReader) {
    this.#live = live
    this.#rows = rows
    const environment = live.startReading()
    this.#held = { environment, transaction: environment.useReadTransaction() }
    live.onEnd.add(this.#end)
  }

  async scan(range: ScanRange): Promise<Entry[]> {
    const { environment, transaction } = this.#inUse
    return scanRange(environment, range, { rows: this.#rows, transaction })
  }

  /** The engine's rows, those of its own keys among them, in one turn. Throws StoreUnavailable when the state is gone. */
  scanRows(range: { readonly start: Buffer; readonly end: Buffer; readonly limit: number }): Row[] {
    const { environment, transaction } = this.#inUse
    return [...rowsOf(environment, { ...range, transaction }, this.#rows.guard)]
  }

  async close(): Promise<void> {
    this.#letGo()
  }

  get #inUse() {
    if (this.#held) return this.#held
    throw new StoreUnavailable('the state that was being read is gone: the metadata store was opened anew')
  }

  #letGo(): void {
    this.#live.onEnd.delete(this.#end)
    this.#held?.transaction.done()
    this.#held = null
  }
}
