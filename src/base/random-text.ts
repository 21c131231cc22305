import { randomFillSync } from 'node:crypto'

/** Asking the platform for a few bytes costs it as much as for thousands. */
const POOL_BYTES = 4096
const pool = Buffer.allocUnsafeSlow(POOL_BYTES)
let taken = POOL_BYTES

/**
 * So many random bytes (4,096 at most), as good as those of `randomBytes`, as text: for ids, salts and nonces, which others see anyway. Not for keys
 * and secrets: what was handed out stays in memory until the pool is filled again.
 */
export function randomText(bytes: number, encoding: 'hex' | 'base64'): string {
  if (taken + bytes > POOL_BYTES) {
    randomFillSync(pool)
    taken = 0
  }
  taken += bytes
  return pool.toString(encoding, taken - bytes, taken)
}
