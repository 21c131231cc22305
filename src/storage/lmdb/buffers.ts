import { KEY_BYTES_MAX } from '../metadata-store.ts'
import { OWN_KEYS_START } from './divided-values.ts'

/** The same bytes as a Buffer; no copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * A bound of a range as the engine takes it. It knows no longer keys than its own; cut behind the length that no stored key exceeds, a bound
 * lies between the same two of them as before. None lies behind the keys of callers, where the engine has its own.
 */
export function boundOf(bytes: Uint8Array): Buffer {
  const bound = bufferOf(bytes)
  if (bound[0] === OWN_KEYS_START[0]) return OWN_KEYS_START
  return bound.length > KEY_BYTES_MAX ? bound.subarray(0, KEY_BYTES_MAX + 1) : bound
}

/**
 * A copy of what a fast read gave, cut to `bytesMax`. The engine reuses the memory, and gives it a `length` that differs from its
 * `byteLength`; only `length` counts.
 */
export function copyOf(bytes: Uint8Array, bytesMax = Infinity): Buffer {
  const { length } = bytes
  return Buffer.from(new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(length, bytesMax)))
}
