import { randomText } from '../../base/random-text.ts'
import { ORDER_DIGITS, ORDERS_PER_MS, VERSION_RANDOM_BYTES } from '../records/version-id-form.ts'

const VERSION_ID_LENGTH = ORDER_DIGITS + VERSION_RANDOM_BYTES * 2
/** Above every order. */
export const ORDER_MAX = 'f'.repeat(ORDER_DIGITS)

/**
 * The order of a version put on top of one of order `newest`: greater than it in any case, and near the time, so that it does not repeat after
 * all versions are gone.
 */
export function nextOrder(nowMs: number, newest: string | undefined): string {
  const timed = nowMs * ORDERS_PER_MS
  const order = newest === undefined ? timed : Math.max(timed, Number.parseInt(newest, 16) + 1)
  return order.toString(16).padStart(ORDER_DIGITS, '0')
}

/** A new version id: the order, so that the version is found by one key, then randomness, so that no id is used twice or guessed. */
export const newVersionId = (order: string): string => order + randomText(VERSION_RANDOM_BYTES, 'hex')

/** The order in a version id; undefined when it is none that {@link newVersionId} made. */
export function orderOfVersionId(versionId: string): string | undefined {
  if (versionId.length !== VERSION_ID_LENGTH) return undefined
  for (let at = 0; at < VERSION_ID_LENGTH; at++) {
    const code = versionId.charCodeAt(at)
    const isHexDigit = (code >= 48 && code <= 57) || (code >= 97 && code <= 102)
    if (!isHexDigit) return undefined
  }
  return versionId.slice(0, ORDER_DIGITS)
}
