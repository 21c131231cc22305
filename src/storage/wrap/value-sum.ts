import { crc32Of } from '../../base/crc-32.ts'
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
  const [first, second, third] = MARK
  const [isFirst, isSecond, isThird] = [stored[0] === first, stored[1] === second, stored[2] === third]
  return isFirst ? isSecond || isThird : isSecond && isThird
}

/** The beginning of the value in the beginning of what {@link withSum} made, where the engine has checked that, a view; or what does not fit, in words. */
export const beginningOfValue = (stored: Buffer): Buffer | string =>
  faultOfHead(stored) ?? stored.subarray(SUM_BYTES)

/** What does not fit in the first bytes of what {@link withSum} made, in words; null: nothing. */
export function faultOfHead(stored: Buffer): string | null {
  if (stored.length < SUM_BYTES) return `it has ${stored.length} bytes`
  return stored[0] === MARK[0] && stored[1] === MARK[1] && stored[2] === MARK[2] && stored[3] === FORM
    ? null
    : 'its first bytes are not its own'
}

/**
 * The value in what {@link withSum} made, a view; or what does not fit, in words. `isCut`: `stored` may be the beginning alone; then so much of the value
 * as it holds comes, {@link HEAD_BYTES} at most.
 */
export function checkedValue(key: Uint8Array, stored: Buffer, isCut: boolean): Buffer | string {
  const fault = faultOf(key, stored, isCut)
  if (fault !== null) return fault
  const isWhole = stored.length - SUM_BYTES === stored.readUInt32BE(LENGTH_AT)
  return isWhole ? stored.subarray(SUM_BYTES) : stored.subarray(SUM_BYTES, SUM_BYTES + HEAD_BYTES)
}

/** What does not fit in what {@link withSum} made, in words; null: nothing. `isCut`: as for {@link checkedValue}. */
export function faultOf(key: Uint8Array, stored: Buffer, isCut: boolean): string | null {
  const fault = faultOfHead(stored)
  if (fault !== null) return fault
  const whole = stored.readUInt32BE(LENGTH_AT)
  const here = stored.length - SUM_BYTES
  const isWhole = here === whole
  if (!isWhole && !(isCut && here >= HEAD_BYTES && here < whole))
    return `it has ${here} bytes and should have ${whole}`
  const headSum = stored.readUInt32BE(HEAD_SUM_AT)
  if (headSumOf(key, stored) !== headSum) return 'its checksum is wrong'
  return !isWhole || tailSumOf(headSum, stored) === stored.readUInt32BE(TAIL_SUM_AT)
    ? null
    : `its checksum is wrong behind byte ${HEAD_BYTES}`
}

function headSumOf(key: Uint8Array, stored: Buffer): number {
  const begun = (crc32Of(key, 0, key.length) ^ stored.readUInt32BE(LENGTH_AT)) >>> 0
  return crc32Of(stored, SUM_BYTES, SUM_BYTES + HEAD_BYTES, begun)
}

const tailSumOf = (headSum: number, stored: Buffer): number =>
  stored.length <= SUM_BYTES + HEAD_BYTES
    ? 0
    : crc32Of(stored, SUM_BYTES + HEAD_BYTES, stored.length, headSum)
