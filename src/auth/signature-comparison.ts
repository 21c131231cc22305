import { timingSafeEqual } from 'node:crypto'

/** Compares two signatures, of one character per byte, in a time that does not depend on where they differ. */
export function areEqualSignatures(calculated: string, provided: string): boolean {
  return (
    calculated.length === provided.length &&
    timingSafeEqual(Buffer.from(calculated, 'latin1'), Buffer.from(provided, 'latin1'))
  )
}
