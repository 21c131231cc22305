import { crc32 } from '../../base/crc-32.ts'
import { VALUE_BYTES_ADDED_MAX } from '../metadata-store.ts'

/**
 * How a value lies in an engine, with the sums that it is checked by:
 *
 *     mark      3 bytes  c1 f5 fa: no value without sums begins with two of them (those begin with a record's format, text or a counter)
 *     form      1 byte   1
 *     length    4 bytes  big-endian, bytes of the value
 *     head sum  4 bytes  CRC-32 of the first 2,048 bytes of the value, begun with the CRC-32 of the key and the length
 *     tail sum  4 bytes  CRC-32 of the rest, begun with the head sum; 0 when there is no rest
 *     value
 *
 * Two sums, since a listing reads the beginnings of values alone: it wants the fields of records and not the bodies behind them. The key is in
 * both, so that a value under another key is wrong.
 */
const MARK = [0xc1, 0xf5, 0xfa] as const
const FORM = 1
/** Bytes that lie before the value. */
export const SUM_BYTES = VALUE_BYTES_ADDED_MAX
/** The beginning of a value that is checked by itself. */
export const HEAD_BYTES = 2_048

const LENGTH_AT = 4
const HEAD_SUM_AT = 8
const TAIL_SUM_AT = 12

/** A value as it is stored under the key; the bytes are copied. */
export function withSum(key: Uint8Array, value: Uint8Array): Buffer {
  const stored = Buffer.allocUnsafe(SUM_BYTES + value.byteLength)
  stored.set(MARK, 0)
  stored[MARK.length] = FORM
  stored.writeUInt32BE(value.byteLength, LENGTH_AT)
  stored.set(value, SUM_BYTES)
  const headSum = headSumOf(key, stored)
  stored.writeUInt32BE(headSum, HEAD_SUM_AT)
  stored.writeUInt32BE(tailSumOf(headSum, stored), TAIL_SUM_AT)
  return stored
}

/** Whether a stored value has sums: a mark that lost one of its bytes is one all the same. */
export function hasSum(stored: Uint8Array): boolean {
  let same = 0
  for (const [at, byte] of MARK.entries()) if (stored[at] === byte) same++
  return same >= MARK.length - 1
}

/** A value, or what does not fit, in words. */
type Checked =
  | { readonly value: Buffer; readonly fault?: never }
  | { readonly value?: never; readonly fault: string }

/** The beginning of the value in the beginning of what {@link withSum} made, where the engine has checked that; a view. */
export function beginningOfValue(stored: Buffer): Checked {
  if (stored.length < SUM_BYTES) return { fault: `it has ${stored.length} bytes` }
  const [a, b, c, form] = stored
  if (a !== MARK[0] || b !== MARK[1] || c !== MARK[2] || form !== FORM)
    return { fault: 'its first bytes are not its own' }
  return { value: stored.subarray(SUM_BYTES) }
}

/**
 * The value in what {@link withSum} made, a view; or what does not fit, in words. `isCut`: `stored` may be the beginning alone; then so much of the value
 * as it holds comes, {@link HEAD_BYTES} at most.
 */
export function checkedValue(key: Uint8Array, stored: Buffer, isCut: boolean): Checked {
  const { fault } = beginningOfValue(stored)
  if (fault !== undefined) return { fault }
  const whole = stored.readUInt32BE(LENGTH_AT)
  const here = stored.length - SUM_BYTES
  const isWhole = here === whole
  if (!isWhole && !(isCut && here >= HEAD_BYTES && here < whole))
    return { fault: `it has ${here} bytes and should have ${whole}` }
  const headSum = stored.readUInt32BE(HEAD_SUM_AT)
  if (headSumOf(key, stored) !== headSum) return { fault: 'its checksum is wrong' }
  if (!isWhole) return { value: stored.subarray(SUM_BYTES, SUM_BYTES + HEAD_BYTES) }
  if (tailSumOf(headSum, stored) !== stored.readUInt32BE(TAIL_SUM_AT))
    return { fault: `its checksum is wrong behind byte ${HEAD_BYTES}` }
  return { value: stored.subarray(SUM_BYTES) }
}

function headSumOf(key: Uint8Array, stored: Buffer): number {
  const begun = (crc32(key) ^ stored.readUInt32BE(LENGTH_AT)) >>> 0
  return crc32(stored.subarray(SUM_BYTES, SUM_BYTES + HEAD_BYTES), begun)
}

const tailSumOf = (headSum: number, stored: Buffer): number =>
  stored.length <= SUM_BYTES + HEAD_BYTES ? 0 : crc32(stored.subarray(SUM_BYTES + HEAD_BYTES), headSum)
