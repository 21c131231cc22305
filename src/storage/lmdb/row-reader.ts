import { getLastVersion, type Transaction } from 'lmdb'
import { DamagedRecord, KEY_BYTES_MAX, type Entry, type Key } from '../metadata-store.ts'
import { bufferOf, copyOf } from './buffers.ts'
import {
  beginningIn,
  isDivided,
  isWholeRow,
  OWN_KEYS_START,
  REST_KEY_BYTES,
  restKeyIn,
  versionOfRow,
} from './divided-values.ts'
import type { Environment } from './environment.ts'
import type { ReadGuard } from './read-guard.ts'

/** How much of values is wanted, and of which state. */
export interface Reading {
  readonly valueBytesMax?: number | undefined
  readonly valueBytesEnough?: number | undefined
  /** When absent: the newest state. */
  readonly transaction?: Transaction | undefined
}

/** A row as the engine has it. */
export interface Row {
  readonly key: Buffer
  readonly value: Buffer
  readonly version: number
}

/** The row of a key, in a copy; null when there is none. Without a transaction: in the newest state. */
export function rowAt(
  environment: Environment,
  key: Buffer,
  transaction: Transaction | undefined,
): Row | null {
  if (transaction) return rowInTransaction(environment, key, transaction)
  const value = environment.getBinaryFast(key)
  return value ? { key, value: copyOf(value), version: getLastVersion() } : null
}

/** A row of the engine's iterators, which make the value for it alone; of a large one they give a `length` that differs from its `byteLength`, and only `length` counts. */
export function stableRow({
  key,
  value,
  version = 0,
}: {
  readonly key: Buffer
  readonly value: Buffer
  readonly version?: number
}): Row {
  const isPlain = Buffer.isBuffer(value) && value.length === value.byteLength
  return {
    key,
    value: isPlain ? value : Buffer.from(value.buffer, value.byteOffset, value.length),
    version,
  }
}

/** A cut value is copied, so that it does not keep the whole alive. */
function cutEntry(row: Row, valueBytesMax: number | undefined): Entry {
  const { key, value, version } = row
  return valueBytesMax === undefined || value.length <= valueBytesMax
    ? row
    : { key, value: copyOf(value, valueBytesMax), version }
}

/**
 * By a cursor: what reads a single value takes the state that a transaction of this process is writing, whatever other it is given, for as long as that one
 * waits for something.
 */
function rowInTransaction(environment: Environment, key: Buffer, transaction: Transaction): Row | null {
  for (const row of environment.getRange({ start: key, limit: 1, versions: true, transaction })) {
    if (row.key.equals(key)) return { ...stableRow(row), key }
  }
  return null
}

/** Reads the rows of an environment as the entries that they stand for: a divided value has two of them. */
export class RowReader {
  readonly guard: ReadGuard
  readonly #place: string
  readonly #restKey = Buffer.alloc(REST_KEY_BYTES)

  /** `place`: where the store lies, for whoever is told of damage. */
  constructor(place: string, guard: ReadGuard) {
    this.#place = place
    this.guard = guard
  }

  /** The entry of a key; null when there is none. Throws {@link DamagedRecord}, and as {@link ReadGuard.step}. */
  get(environment: Environment, wanted: Key, reading: Reading): Entry | null {
    const key = bufferOf(wanted)
    if (key.length > KEY_BYTES_MAX || key[0] === OWN_KEYS_START[0]) return null
    if (this.guard.isOn) return this.guard.step('row', key, () => this.#read(environment, key, reading))
    return this.#read(environment, key, reading)
  }

  /** The entry of a row that was read. Throws as {@link get}. */
  entryOf(environment: Environment, row: Row, reading: Reading): Entry {
    if (!isDivided(row.version)) return cutEntry(row, reading.valueBytesMax)
    if (this.guard.isOn) return this.guard.step('row', row.key, () => this.#joined(environment, row, reading))
    return this.#joined(environment, row, reading)
  }

  #read(environment: Environment, key: Buffer, reading: Reading): Entry | null {
    const { transaction, valueBytesMax } = reading
    if (transaction) {
      const row = rowInTransaction(environment, key, transaction)
      if (!row) return null
      if (isDivided(row.version)) return this.#joined(environment, row, reading)
      return { ...row, value: copyOf(row.value, valueBytesMax) }
    }
    const value = environment.getBinaryFast(key)
    if (!value) return null
    const version = getLastVersion()
    if (!isDivided(version)) return { key, value: copyOf(value, valueBytesMax), version }
    return this.#joined(environment, { key, value: copyOf(value), version }, reading)
  }

  #joined(environment: Environment, { key, value: row, version: rowVersion }: Row, reading: Reading): Entry {
    const { transaction, valueBytesMax = Infinity, valueBytesEnough = Infinity } = reading
    const version = versionOfRow(rowVersion)
    // Where the beginning is enough nobody else can check it, and where it is not, a reading of all is to find what a listing would meet.
    if (!isWholeRow(key, row, version))
      throw this.#damaged(key, version, 'its beginning does not fit its checksum')
    const beginning = beginningIn(row)
    if (beginning.length >= valueBytesMax)
      return { key, value: beginning.subarray(0, valueBytesMax), version }
    if (beginning.length >= valueBytesEnough) return { key, value: beginning, version, isCutShort: true }
    const restKey = restKeyIn(row, version, this.#restKey)
    if (this.guard.isOn) this.guard.assertGiven('row', restKey, { what: 'row', key })
    const rest = transaction
      ? rowInTransaction(environment, restKey, transaction)?.value
      : environment.getBinaryFast(restKey)
    if (!rest) throw this.#damaged(key, version, 'the rest of it is missing')
    const restBytes = Math.min(rest.length, valueBytesMax - beginning.length)
    const value = Buffer.allocUnsafe(beginning.length + restBytes)
    value.set(beginning)
    // The engine gives a `length` that differs from its `byteLength`; only `length` counts.
    value.set(new Uint8Array(rest.buffer, rest.byteOffset, restBytes), beginning.length)
    return { key, value, version }
  }

  #damaged(key: Buffer, version: number, reason: string): DamagedRecord {
    return new DamagedRecord({ key, version }, this.#place, reason)
  }
}
