import { crc32 } from '../../base/crc-32.ts'

/**
 * The engine keeps a value that is too long for a page with others on pages of its own, whole ones: 4,096 bytes and anything at all would be two. So such a value is divided where that saves a page:
 * its beginning lies beside the key, and the rest fills pages of its own under a key of the engine:
 *
 *     row of the key          version (negative) | sum, 4 bytes | place, 2 bytes | beginning
 *     row of the rest         version            | rest
 *
 * The place is that of the value in its change: with the version it names the rest, and no two values have both in common. The sum is the CRC-32 of what follows it, begun with key and version: a row whose bits were changed must
 * neither be read with the rest of another one nor take that away. (docs/decisions/small-objects-on-disk.md)
 */
const SUM_BYTES = 4
const HEAD_BYTES = SUM_BYTES + 2
const PLACE_MAX = 0xffff
/** Rests lie behind all keys of the contract, which begin with lower bytes. */
export const OWN_KEYS_START = Buffer.of(0xff)

/** Bytes of a page before what lies in it, of a row before its key, and of a value for its version. */
const PAGE_HEAD_BYTES = 24
const ROW_HEAD_BYTES = 8
const VERSION_BYTES = 8
/** Two rows at least have to fit a page; each takes so many bytes more for its place in it. */
const ROW_PLACE_BYTES = 2

/** A beginning has so many bytes at least: what is asked of many values at once, such as the fields of records, is there as a rule. */
export const BEGINNING_BYTES_MIN = 160
/** A page saved is not worth a second row where a value has more of them than this. */
const REST_PAGES_MAX = 8

/** How many bytes of a value are to lie beside its key; null: the value is not divided. */
export function beginningBytes(keyBytes: number, valueBytes: number, pageBytes: number): number | null {
  const rowBytesMax = ((((pageBytes - PAGE_HEAD_BYTES) / 2) & -2) >>> 0) - ROW_PLACE_BYTES
  const besideKeyMax = rowBytesMax - ROW_HEAD_BYTES - keyBytes - VERSION_BYTES
  if (valueBytes <= besideKeyMax) return null
  const wholeBytes = PAGE_HEAD_BYTES + VERSION_BYTES + valueBytes
  const pages = Math.floor(wholeBytes / pageBytes)
  const tooMany = wholeBytes - pages * pageBytes
  if (pages < 1 || pages > REST_PAGES_MAX || tooMany === 0) return null
  const bytes = Math.max(tooMany, BEGINNING_BYTES_MIN)
  return HEAD_BYTES + bytes <= besideKeyMax ? bytes : null
}

/** Whether the version that a row has says that its value is divided. */
export const isDivided = (rowVersion: number): boolean => rowVersion < 0

/** The version of the entry whose row has this one. */
export const versionOfRow = (rowVersion: number): number => Math.abs(rowVersion)

/** The row of a key, with the beginning of its value, to be stored under the negative version. Null where `place` is too large for it. */
export function rowWithBeginning(
  key: Uint8Array,
  beginning: Uint8Array,
  { version, place }: { readonly version: number; readonly place: number },
): Buffer | null {
  if (place > PLACE_MAX) return null
  const row = Buffer.allocUnsafe(HEAD_BYTES + beginning.length)
  row.writeUInt16BE(place, SUM_BYTES)
  row.set(beginning, HEAD_BYTES)
  row.writeUInt32BE(sumOf(key, row, version), 0)
  return row
}

/** Whether a row is as {@link rowWithBeginning} made it, for the version of its entry. */
export function isWholeRow(key: Uint8Array, row: Buffer, version: number): boolean {
  if (row.length < HEAD_BYTES + BEGINNING_BYTES_MIN || !Number.isSafeInteger(version)) return false
  return row.readUInt32BE(0) === sumOf(key, row, version)
}

/** The beginning of the value in the row of its key; a view. */
export const beginningIn = (row: Buffer): Buffer => row.subarray(HEAD_BYTES)

/** The key of the rest that a row names; `key` is written over, where it is given. */
export const restKeyIn = (row: Uint8Array, version: number, key?: Buffer): Buffer =>
  restKeyOf(version, ((row[SUM_BYTES] ?? 0) << 8) | (row[SUM_BYTES + 1] ?? 0), key)

/** Length of such a key. */
export const REST_KEY_BYTES = 10

/** Whether a row of the engine is the rest of a value. */
export const isRestKey = (key: Uint8Array): boolean =>
  key[0] === OWN_KEYS_START[0] && key.length === REST_KEY_BYTES

/**
 * The key of the rest of the value that has this place in the change of this version; `key` is written over, where it is given. Later ones sort before earlier ones, so that they do not come
 * between rests and the engine's last row, which is large, and leave pages hardly filled.
 */
export function restKeyOf(
  version: number,
  place: number,
  key: Buffer = Buffer.allocUnsafe(REST_KEY_BYTES),
): Buffer {
  key.set(OWN_KEYS_START)
  key.writeUIntBE(0xff_ffff - Math.floor(version / 2 ** 32), 1, 3)
  key.writeUInt32BE(0xffff_ffff - (version % 2 ** 32), 4)
  key.writeUInt16BE(place, 8)
  return key
}

function sumOf(key: Uint8Array, row: Uint8Array, version: number): number {
  const begun = (crc32(key) ^ (version % 2 ** 32) ^ Math.floor(version / 2 ** 32)) >>> 0
  return crc32(row.subarray(SUM_BYTES), begun)
}
