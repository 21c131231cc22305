import { randomText } from '../base/random-text.ts'

const ID_BYTES = 8

/** A new request id: 16 upper-case hexadecimal digits, random, so that ids of several processes and hosts never meet. */
export const createRequestId = (): string => randomText(ID_BYTES, 'hex').toUpperCase()
