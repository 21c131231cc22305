import type { EntryCursor } from '../delimited-scan.ts'
import type { Entry, Key } from '../metadata-store.ts'
import { boundOf } from './buffers.ts'
import type { Environment } from './environment.ts'
import type { Reading, RowReader } from './row-reader.ts'

/** A cursor over keys; an entry's value is read when asked for, so that skipped entries cost no copy. Use within one turn. */
export class LmdbCursor implements EntryCursor {
  readonly #environment: Environment
  readonly #rows: RowReader
  readonly #end: Key
  readonly #reading: Reading
  #keys: Iterator<Buffer> | null = null
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
  }

  seek(key: Key): Buffer | null {
    this.close()
    if (Buffer.compare(key, this.#end) >= 0) return null
    const keys = this.#environment.getKeys({ start: boundOf(key), end: boundOf(this.#end) })
    const { guard } = this.#rows
    this.#keys = guard.isOn
      ? guard.each(keys, { start: key, end: this.#end, keyOf: (found) => found, reverse: false })
      : keys[Symbol.iterator]()
    return this.next()
  }

  next(): Buffer | null {
    const result = this.#keys?.next()
    this.#key = !result || result.done ? null : result.value
    if (!this.#key) this.#keys = null
    return this.#key
  }

  entry(): Entry {
    const entry = this.#key && this.#rows.get(this.#environment, this.#key, this.#reading)
    if (!entry) throw new Error('the cursor is not at an entry')
    return entry
  }

  /** Frees the engine's cursor. */
  close(): void {
    this.#keys?.return?.()
    this.#keys = null
  }
}
