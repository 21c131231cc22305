import { crc32 } from '@node-rs/crc32'

export { crc32, crc32c } from '@node-rs/crc32'

/** Up to so many bytes a walk over a table takes less than a call of the platform and the view that it wants. */
const SHORT_BYTES = 160
const TABLES = 4

/** For each byte what it does to the sum, and for each place of four bytes that are taken at once. */
const table = makeTable()

/** The CRC-32 of `bytes` from `start` up to and without `end`, begun with another one. */
export function crc32Of(bytes: Uint8Array, start: number, end: number, begun = 0): number {
  const stop = Math.min(end, bytes.length)
  if (stop - start > SHORT_BYTES) return crc32(bytes.subarray(start, stop), begun)
  let sum = ~begun
  let at = start
  for (const last = stop - TABLES; at <= last; at += TABLES) {
    sum ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)
    sum =
      (table[768 | (sum & 0xff)] ?? 0) ^
      (table[512 | ((sum >>> 8) & 0xff)] ?? 0) ^
      (table[256 | ((sum >>> 16) & 0xff)] ?? 0) ^
      (table[sum >>> 24] ?? 0)
  }
  for (; at < stop; at++) sum = (table[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (sum >>> 8)
  return ~sum >>> 0
}

function makeTable(): Int32Array {
  const made = new Int32Array(TABLES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1
    made[byte] = sum
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256] ?? 0
    made[at] = (made[before & 0xff] ?? 0) ^ (before >>> 8)
  }
  return made
}
