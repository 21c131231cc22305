import { randomBytes } from 'node:crypto'
import { base32Letters } from '../../base/base-32.ts'

/** An access key as its owner gets it, once. */
export interface AccessKeyPair {
  /** `AKIA`, or `ASIA` for temporary ones, and 16 of `A`–`Z`, `2`–`7`. */
  readonly accessKeyId: string
  /** 40 of the base64 alphabet. Never logged, never stored unsealed. */
  readonly secretAccessKey: string
}

/** Makes a new access key from the system's cryptographic random source: 80 bits name it, 240 bits are secret. */
export function mintAccessKey(beginning: 'AKIA' | 'ASIA' = 'AKIA'): AccessKeyPair {
  return {
    accessKeyId: beginning + base32Letters(randomBytes(16)),
    secretAccessKey: randomBytes(30).toString('base64'),
  }
}
