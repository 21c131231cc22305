import { getLastVersion } from 'lmdb'
import type { EntryCursor } from '../delimited-scan.ts'
import type { Entry, Key } from '../metadata-store.ts'
import { boundOf, copyOf } from './buffers.ts'
import type { Environment } from './environment.ts'
import type { ReadGuard } from './read-guard.ts'

/** A cursor over keys; an entry's value is read when asked for, so that skipped entries cost no copy. Use within one turn. */
export class LmdbCursor implements EntryCursor {
  readonly #environment: Environment
  readonly #guard: ReadGuard
  readonly #end: Key
  readonly #valueBytesMax: number | undefined
  #keys: Iterator<Buffer> | null = null
  #key: Buffer | null = null

  constructor(
    environment: Environment,
    guard: ReadGuard,
    { end, valueBytesMax }: { readonly end: Key; readonly valueBytesMax?: number | undefined },
  ) {
    this.#environment = environment
    this.#guard = guard
    this.#end = end
    this.#valueBytesMax = valueBytesMax
  }

  seek(key: Key): Buffer | null {
    this.close()
    if (Buffer.compare(key, this.#end) >= 0) return null
    const keys = this.#environment.getKeys({ start: boundOf(key), end: boundOf(this.#end) })
    this.#keys = this.#guard.isOn
      ? this.#guard.each(keys, { start: key, keyOf: (found) => found, reverse: false })
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
    const key = this.#key
    const read = () => key && this.#environment.getBinaryFast(key)
    const value = key && this.#guard.isOn ? this.#guard.step('row', key, read) : read()
    if (!this.#key || !value) throw new Error('the cursor is not at an entry')
    return { key: this.#key, value: copyOf(value, this.#valueBytesMax), version: getLastVersion() }
  }

  /** Frees the engine's cursor. */
  close(): void {
    this.#keys?.return?.()
    this.#keys = null
  }
}
