import { getLastVersion, type Transaction } from 'lmdb'
import type { Entry, ScanRange } from '../metadata-store.ts'
import { boundOf, copyOf } from './buffers.ts'
import type { Environment } from './environment.ts'
import type { ReadGuard } from './read-guard.ts'

const EMPTY = Buffer.alloc(0)

/** The entries of a range, in one turn; in the state of `transaction`, else in the newest one. */
export function scanRange(
  environment: Environment,
  range: ScanRange,
  { guard, transaction }: { readonly guard: ReadGuard; readonly transaction?: Transaction },
): Entry[] {
  const { limit, reverse = false, keysOnly = false, valueBytesMax } = range
  if (Buffer.compare(range.start, range.end) >= 0) return []
  const start = boundOf(range.start)
  const end = boundOf(range.end)
  const state = transaction === undefined ? {} : { transaction }
  const bounds = reverse
    ? { start: end, exclusiveStart: true, end: start, inclusiveEnd: true }
    : { start, end }
  const found: Entry[] = []
  if (keysOnly) {
    const keys = environment.getKeys({ ...bounds, ...state, reverse, limit })
    const steps = guard.isOn ? guard.each(keys, { start: bounds.start, keyOf: (key) => key, reverse }) : keys
    for (const key of steps) {
      found.push({ key, value: EMPTY, version: versionOf(environment, key, transaction) })
    }
    return found
  }
  const options = { ...bounds, ...state, reverse, limit, versions: true }
  const entries = environment.getRange(options)
  const steps = guard.isOn
    ? guard.each(entries, { start: bounds.start, keyOf: ({ key }) => key, reverse })
    : entries
  for (const { key, value, version = 0 } of steps)
    found.push({ key, value: valueOf(value, valueBytesMax), version })
  return found
}

function versionOf(environment: Environment, key: Buffer, transaction: Transaction | undefined): number {
  if (transaction) return environment.getEntry(key, { transaction })?.version ?? 0
  // Only a read of the value tells the engine the version; this one allocates nothing.
  environment.getBinaryFast(key)
  return getLastVersion()
}

/** The engine made `value` for this read alone; a cut one is copied, so that it does not keep the whole alive. */
function valueOf(value: Buffer, valueBytesMax: number | undefined): Buffer {
  if (valueBytesMax !== undefined && value.length > valueBytesMax) return copyOf(value, valueBytesMax)
  return Buffer.from(value.buffer, value.byteOffset, value.length)
}
