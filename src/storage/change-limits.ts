import {
  KEY_BYTES_MAX,
  VALUE_BYTES_ADDED_MAX,
  VALUE_BYTES_MAX,
  type Change,
  type Key,
} from './metadata-store.ts'

const STORED_BYTES_MAX = VALUE_BYTES_MAX + VALUE_BYTES_ADDED_MAX

/** Throws RangeError when a change breaks the contract's limits. Every engine calls it first: such a change is a fault of the caller. */
export function assertChange(change: Change): void {
  for (const { key } of change.checks ?? []) assertKey(key)
  const written: Key[] = []
  for (const { key, value } of change.sets ?? []) {
    if (value.byteLength > STORED_BYTES_MAX)
      throw new RangeError(`value must be at most ${STORED_BYTES_MAX} bytes, got ${value.byteLength}`)
    written.push(key)
  }
  for (const key of change.deletes ?? []) written.push(key)
  for (const { key, amounts } of change.adds ?? []) {
    for (const amount of amounts) {
      if (!Number.isSafeInteger(amount)) throw new RangeError(`amount must be a safe integer, got ${amount}`)
    }
    written.push(key)
  }
  for (const key of written) assertKey(key)
  if (written.length > 1) assertDistinct(written)
}

/** Throws RangeError unless the key is 1 to {@link KEY_BYTES_MAX} bytes long and begins with another byte than 0xff. */
function assertKey(key: Key): void {
  if (key.byteLength < 1 || key.byteLength > KEY_BYTES_MAX)
    throw new RangeError(`key must be 1–${KEY_BYTES_MAX} bytes, got ${key.byteLength}`)
  if (key[0] === 0xff) throw new RangeError('a key must not begin with 0xff')
}

function assertDistinct(keys: readonly Key[]): void {
  const seen = new Set<string>()
  for (const key of keys) {
    const text = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')
    if (seen.has(text)) throw new RangeError('a key must occur once over sets, deletes and adds')
    seen.add(text)
  }
}
