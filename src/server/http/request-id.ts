import { randomFillSync } from 'node:crypto'

const ID_BYTES = 8
const POOL_BYTES = ID_BYTES * 512
const pool = Buffer.allocUnsafe(POOL_BYTES)
let poolAt = POOL_BYTES

/** A new request id: 16 upper-case hexadecimal digits, random, so that ids of several processes and hosts never meet. */
export function createRequestId(): string {
  if (poolAt === POOL_BYTES) {
    randomFillSync(pool)
    poolAt = 0
  }
  poolAt += ID_BYTES
  return pool.toString('hex', poolAt - ID_BYTES, poolAt).toUpperCase()
}
