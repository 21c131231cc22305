import { getLastVersion } from 'lmdb'
import { addToCounterRow } from '../counter-row.ts'
import { UnreadableRecord, type Key } from '../metadata-store.ts'
import { bufferOf, copyOf } from './buffers.ts'
import {
  beginningBytes,
  isDivided,
  isWholeRow,
  OWN_KEYS_START,
  restKeyIn,
  restKeyOf,
  rowWithBeginning,
  versionOfRow,
} from './divided-values.ts'
import { noteDividedValues, type Environment } from './environment.ts'
import type { ReadGuard } from './read-guard.ts'

/** Where a value is in what a transaction sets. */
interface Place {
  readonly version: number
  /** Among the values of its change, which share a version. */
  readonly place: number
}

/** Writes entries as rows, in one transaction of the engine, whose reads see what was written before. */
export class RowWriter {
  readonly #environment: Environment
  readonly #pageBytes: number
  readonly #guard: ReadGuard
  #isFormatNoted = false

  /** Keys of the rows that were written or removed. */
  readonly changed: Buffer[] = []

  /** `pageBytes`: of the engine's file. `guard`: told which entry is written, since that reads the pages that change, and may read those beside them. */
  constructor(
    environment: Environment,
    { pageBytes, guard }: { readonly pageBytes: number; readonly guard: ReadGuard },
  ) {
    this.#environment = environment
    this.#pageBytes = pageBytes
    this.#guard = guard
  }

  /** The version of the entry at a key; null when there is none. */
  versionOf(key: Key): number | null {
    return this.#environment.getBinaryFast(bufferOf(key)) ? versionOfRow(getLastVersion()) : null
  }

  /** Throws as {@link ReadGuard.step}, and so do the other two that write. */
  set(wanted: Key, bytes: Uint8Array, { version, place }: Place): void {
    const [key, value] = [bufferOf(wanted), bufferOf(bytes)]
    this.#step(key, () => this.#removeRest(key))
    const division = beginningBytes(key.length, value.length, this.#pageBytes)
    const row =
      division === null ? null : rowWithBeginning(key, value.subarray(0, division), { version, place })
    if (
      division === null ||
      row === null ||
      !this.#isRestPut(restKeyOf(version, place), value.subarray(division), version)
    ) {
      this.#step(key, () => this.#put(key, value, version))
      return
    }
    this.#noteFormat()
    this.#step(key, () => this.#put(key, row, -version))
  }

  /** Deleting an absent key is no error. */
  delete(wanted: Key): void {
    const key = bufferOf(wanted)
    this.#step(key, () => {
      if (this.#removeRest(key)) this.#remove(key)
    })
  }

  /** Adds to a row of counters. */
  add(wanted: Key, amounts: readonly number[], version: number): void {
    const key = bufferOf(wanted)
    this.#step(key, () => {
      const row = this.#environment.getBinaryFast(key)
      this.#put(key, addToCounterRow(row ? copyOf(row) : null, amounts), version)
    })
  }

  /**
   * Each new rest comes before all others, so that one page is read for all of them, whichever values they are of. Where the disk cannot read it, every write of such a value would end the process, each at a key of
   * its own: so that page has a name of its own for the guard, and once that is fenced values are written whole.
   */
  #isRestPut(key: Buffer, rest: Buffer, version: number): boolean {
    try {
      this.#step(OWN_KEYS_START, () => this.#put(key, rest, version))
      return true
    } catch (error) {
      if (error instanceof UnreadableRecord) return false
      throw error
    }
  }

  /** Of a value that is about to go; one whose row is damaged keeps its rest until the next compaction, since it cannot be told which that is. Says whether there is an entry. */
  #removeRest(key: Buffer): boolean {
    const row = this.#environment.getBinaryFast(key)
    if (!row) return false
    const version = getLastVersion()
    if (!isDivided(version)) return true
    const copy = copyOf(row)
    if (isWholeRow(key, copy, versionOfRow(version))) this.#remove(restKeyIn(copy, versionOfRow(version)))
    return true
  }

  #step(key: Buffer, write: () => void): void {
    if (this.#guard.isOn) this.#guard.step('row', key, write)
    else write()
  }

  #put(key: Buffer, value: Buffer, version: number): void {
    this.#environment.putSync(key, value, version)
    this.changed.push(key)
  }

  #remove(key: Buffer): void {
    this.#environment.removeSync(key)
    this.changed.push(key)
  }

  #noteFormat(): void {
    if (this.#isFormatNoted) return
    const key = noteDividedValues(this.#environment)
    if (key) this.changed.push(key)
    this.#isFormatNoted = true
  }
}
