import type { StoredPart } from '../api/s3/uploads.ts'

const MIB = 1024 ** 2
/** Larger files go in parts, so that a break costs a part and not the file. */
export const WHOLE_BYTES_MAX = 16 * MIB
/** What is in memory of one request. */
const PART_BYTES_MIN = 8 * MIB
const PARTS_MAX = 10_000

/** The size of the parts of a file: the smallest that fits into 10,000, in whole MiB. */
export const partSizeOf = (bytes: number): number =>
  Math.max(PART_BYTES_MIN, Math.ceil(bytes / PARTS_MAX / MIB) * MIB)

/** How many parts a file has. */
export const partCount = (bytes: number, partSize: number): number => Math.max(1, Math.ceil(bytes / partSize))

/** Where a part begins and ends in its file. */
export const partRange = (
  number: number,
  partSize: number,
  bytes: number,
): readonly [start: number, end: number] => [(number - 1) * partSize, Math.min(number * partSize, bytes)]

/** The size of the parts that are stored, if they can be those of a file of so many bytes; null when they cannot. */
export function partSizeOfStored(stored: readonly StoredPart[], bytes: number): number | null {
  const largest = Math.max(0, ...stored.map(({ size }) => size))
  // A last part alone does not tell how large the others are: ours come first.
  for (const partSize of [partSizeOf(bytes), largest])
    if (partSize > 0 && stored.every(({ number, size }) => fits(number, size, partSize, bytes)))
      return partSize
  return null
}

function fits(number: number, size: number, partSize: number, bytes: number): boolean {
  const [start, end] = partRange(number, partSize, bytes)
  return end > start && size === end - start
}
