import { getLastTxnId } from 'lmdb'
import type { Environment } from './environment.ts'

declare module 'lmdb' {
  /** Of the last value that was read, or looked for: the low 32 bits of the number of the transaction whose state that was. */
  export function getLastTxnId(): number
}

/** Sorts before every key. */
const PROBE = Buffer.of(0)

/** The number (its low 32 bits) of the transaction whose state is read in this turn. */
export function transactionBeingRead(environment: Environment): number {
  environment.getBinaryFast(PROBE)
  return getLastTxnId()
}
