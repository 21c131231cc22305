import { KEY_BYTES_MAX } from '../metadata-store.ts'

/** The same bytes as a Buffer; no copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * A bound of a range as the engine takes it. It knows no longer keys than its own; cut behind the length that no stored key exceeds, a bound
 * lies between the same two of them as before.
 */
export function boundOf(bytes: Uint8Array): Buffer {
  const bound = bufferOf(bytes)
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
