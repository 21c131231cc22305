import { hash } from 'node:crypto'

/**
 * SHA-256 of a message: 64 lower-case hexadecimal digits, or 32 characters of one byte each. The bundle of the command line holds
 * `sha-256-script.ts` in place of this.
 */
export const sha256 = (message: Uint8Array, encoding: 'hex' | 'binary'): string =>
  hash('sha256', message, encoding)
