/** The same bytes as a Buffer; no copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * A copy of what a fast read gave, cut to `bytesMax`. The engine reuses the memory, and gives it a `length` that differs from its
 * `byteLength`; only `length` counts.
 */
export function copyOf(bytes: Uint8Array, bytesMax = Infinity): Buffer {
  const { length } = bytes
  return Buffer.from(new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(length, bytesMax)))
}
