import type { EntryCursor } from '../delimited-scan.ts'
import type { Entry, Key } from '../metadata-store.ts'
import { boundOf } from './buffers.ts'
import type { Environment } from './environment.ts'
import { stableRow, type Reading, type Row, type RowReader } from './row-reader.ts'

const NOWHERE = Buffer.alloc(0)

/**
 * A cursor over rows. The engine gives the value along with the key in one step: of nearly each key that a delimited scan comes to the entry is wanted, be it
 * the first of a prefix. Use within one turn.
 */
export class LmdbCursor implements EntryCursor {
  readonly #environment: Environment
  readonly #rows: RowReader
  readonly #end: Key
  readonly #reading: Reading
  /** Read by the engine at each beginning of an iteration: what it makes for a range is made once for all seeks. */
  readonly #range: { start: Buffer; readonly end: Buffer; readonly versions: true }
  readonly #found: Iterable<{ key: Buffer; value: Buffer; version?: number }>
  #steps: Iterator<Buffer | { key: Buffer; value: Buffer; version?: number }> | null = null
  #row: Row | null = null
  #key: Buffer | null = null

  constructor(
    environment: Environment,
    rows: RowReader,
    { end, ...reading }: { readonly end: Key } & Reading,
  ) {
    this.#environment = environment
    this.#rows = rows
    this.#end = end
    this.#reading = reading
    this.#range = { start: NOWHERE, end: boundOf(end), versions: true }
    this.#found = environment.getRange(this.#range)
  }

  seek(key: Key): Buffer | null {
    this.close()
    if (Buffer.compare(key, this.#end) >= 0) return null
    this.#range.start = boundOf(key)
    this.#steps = this.#rows.guard.isOn ? this.#guardedKeys(key) : this.#found[Symbol.iterator]()
    return this.next()
  }

  next(): Buffer | null {
    const result = this.#steps?.next()
    this.#row = null
    this.#key = null
    if (!result || result.done) {
      this.#steps = null
      return null
    }
    const { value: found } = result
    if ('key' in found) {
      this.#row = stableRow(found)
      this.#key = found.key
    } else this.#key = found
    return this.#key
  }

  entry(): Entry {
    const entry = this.#row
      ? this.#rows.entryOf(this.#environment, this.#row, this.#reading)
      : this.#key && this.#rows.get(this.#environment, this.#key, this.#reading)
    if (!entry) throw new Error('the cursor is not at an entry')
    return entry
  }

  /** Frees the engine's cursor. */
  close(): void {
    this.#steps?.return?.()
    this.#steps = null
  }

  /** Keys alone, and each value by itself, since they may lie in different pages: what cannot be read is told apart. */
  #guardedKeys(start: Key): Iterator<Buffer> {
    const keys = this.#environment.getKeys({ start: this.#range.start, end: this.#range.end })
    return this.#rows.guard.each(keys, { start, end: this.#end, keyOf: (found) => found, reverse: false })
  }
}
