import { crc32 } from '../../base/crc-32.ts'

/** The beginning of a record that its sum is made of: it has the fields, and with them the place among the versions and the ETag of the body. */
export const SUMMED_BYTES = 2_048

/**
 * What a record adds to the sum of its bucket's records: the CRC-32 of the beginning of its value, which may be cut behind {@link SUMMED_BYTES}. The order in which
 * records are added up does not count; one that is missing, that is there twice, or that is of an earlier state changes the sum. That it lies under
 * its own key is what its checksum in the store tells.
 */
export const recordSum = (value: Uint8Array): number =>
  value.byteLength > SUMMED_BYTES ? crc32(value.subarray(0, SUMMED_BYTES)) : crc32(value)
