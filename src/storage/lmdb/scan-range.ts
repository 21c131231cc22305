import { getLastVersion, type Transaction } from 'lmdb'
import type { Entry, ScanRange } from '../metadata-store.ts'
import { boundOf } from './buffers.ts'
import { versionOfRow } from './divided-values.ts'
import type { Environment } from './environment.ts'
import type { ReadGuard } from './read-guard.ts'
import { rowAt, stableRow, type Row, type RowReader } from './row-reader.ts'

const EMPTY = Buffer.alloc(0)

/** The entries of a range, in one turn; in the state of `transaction`, else in the newest one. */
export function scanRange(
  environment: Environment,
  range: ScanRange,
  { rows, transaction }: { readonly rows: RowReader; readonly transaction?: Transaction },
): Entry[] {
  const { limit, reverse = false, keysOnly = false, valueBytesMax, valueBytesEnough } = range
  if (Buffer.compare(range.start, range.end) >= 0) return []
  const start = boundOf(range.start)
  const end = boundOf(range.end)
  const state = transaction === undefined ? {} : { transaction }
  const bounds = reverse
    ? { start: end, exclusiveStart: true, end: start, inclusiveEnd: true }
    : { start, end }
  const found: Entry[] = []
  const { guard } = rows
  if (keysOnly) {
    const keys = environment.getKeys({ ...bounds, ...state, reverse, limit })
    if (!guard.isOn) {
      for (const key of keys)
        found.push({ key, value: EMPTY, version: versionOf(environment, key, transaction) })
      return found
    }
    for (const key of guard.each(keys, { ...bounds, limit, keyOf: (each) => each, reverse })) {
      const version = guard.step('row', key, () => versionOf(environment, key, transaction))
      found.push({ key, value: EMPTY, version })
    }
    return found
  }
  const reading = { ...state, valueBytesMax, valueBytesEnough }
  const rowRange = { ...bounds, ...state, reverse, limit }
  if (guard.isOn)
    for (const row of carefullyRead(environment, rowRange, guard))
      found.push(rows.entryOf(environment, row, reading))
  else
    for (const row of environment.getRange({ ...rowRange, versions: true }))
      found.push(rows.entryOf(environment, stableRow(row), reading))
  return found
}

/** Which rows are read, from one key to another. */
interface RowRange {
  readonly start: Buffer
  readonly end: Buffer
  readonly limit: number
  readonly reverse?: boolean
  readonly exclusiveStart?: boolean
  readonly inclusiveEnd?: boolean
  readonly transaction?: Transaction
}

/** Rows as they lie there; the engine made their values for this reading alone. */
export function* rowsOf(environment: Environment, range: RowRange, guard: ReadGuard): Generator<Row> {
  if (guard.isOn) {
    yield* carefullyRead(environment, range, guard)
    return
  }
  for (const row of environment.getRange({ ...range, versions: true })) yield stableRow(row)
}

/** Key by key, and each value by itself, since they may lie in different pages: what cannot be read is told apart. */
function* carefullyRead(environment: Environment, range: RowRange, guard: ReadGuard): Generator<Row> {
  const { start, end, limit, transaction, reverse = false } = range
  const keys = environment.getKeys({ ...range })
  for (const key of guard.each(keys, { start, end, limit, keyOf: (each) => each, reverse })) {
    const row = guard.step('row', key, () => rowAt(environment, key, transaction))
    if (row) yield row
  }
}

function versionOf(environment: Environment, key: Buffer, transaction: Transaction | undefined): number {
  if (transaction) return versionOfRow(rowAt(environment, key, transaction)?.version ?? 0)
  // Only a read of the value tells the engine the version; this one allocates nothing.
  environment.getBinaryFast(key)
  return versionOfRow(getLastVersion())
}
