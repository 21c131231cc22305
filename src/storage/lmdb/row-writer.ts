import { getLastVersion } from 'lmdb'
import { addToCounterRow } from '../counter-row.ts'
import type { Key } from '../metadata-store.ts'
import { bufferOf, copyOf } from './buffers.ts'
import {
  beginningBytes,
  isDivided,
  isWholeRow,
  restKeyIn,
  restKeyOf,
  rowWithBeginning,
  versionOfRow,
} from './divided-values.ts'
import { noteDividedValues, type Environment } from './environment.ts'

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
  #isFormatNoted = false

  /** Keys of the rows that were written or removed. */
  readonly changed: Buffer[] = []

  /** `pageBytes`: of the engine's file. */
  constructor(environment: Environment, pageBytes: number) {
    this.#environment = environment
    this.#pageBytes = pageBytes
  }

  /** The version of the entry at a key; null when there is none. */
  versionOf(key: Key): number | null {
    return this.#environment.getBinaryFast(bufferOf(key)) ? versionOfRow(getLastVersion()) : null
  }

  set(wanted: Key, bytes: Uint8Array, { version, place }: Place): void {
    const [key, value] = [bufferOf(wanted), bufferOf(bytes)]
    this.#removeRest(key)
    const division = beginningBytes(key.length, value.length, this.#pageBytes)
    const row =
      division === null ? null : rowWithBeginning(key, value.subarray(0, division), { version, place })
    if (division === null || row === null) {
      this.#put(key, value, version)
      return
    }
    this.#noteFormat()
    this.#put(key, row, -version)
    this.#put(restKeyOf(version, place), value.subarray(division), version)
  }

  /** Deleting an absent key is no error. */
  delete(wanted: Key): void {
    const key = bufferOf(wanted)
    if (this.#removeRest(key)) this.#remove(key)
  }

  /** Adds to a row of counters. */
  add(wanted: Key, amounts: readonly number[], version: number): void {
    const key = bufferOf(wanted)
    const row = this.#environment.getBinaryFast(key)
    this.#put(key, addToCounterRow(row ? copyOf(row) : null, amounts), version)
  }

  /** Of a value that is about to go; one whose row is damaged keeps its rest, since it cannot be told which that is. Says whether there is an entry. */
  #removeRest(key: Buffer): boolean {
    const row = this.#environment.getBinaryFast(key)
    if (!row) return false
    const version = getLastVersion()
    if (!isDivided(version)) return true
    const copy = copyOf(row)
    if (isWholeRow(key, copy, versionOfRow(version))) this.#remove(restKeyIn(copy, versionOfRow(version)))
    return true
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
