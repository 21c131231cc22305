import type { ChecksumAlgorithm } from './algorithms.ts'
import { checksumOf } from './checksum.ts'
import type { CombinableAlgorithm } from './crc-combine.ts'
import { CrcCombiner } from './crc-combine.ts'

/** What is known of one part of a multipart upload. */
interface PartChecksum {
  /** Base64. */
  readonly value: string
  readonly sizeBytes: number
}

/** The checksum, in base64, that the whole object has by its parts' checksums, in order: S3's type `FULL_OBJECT`. */
export function fullObjectChecksum(algorithm: CombinableAlgorithm, parts: readonly PartChecksum[]): string {
  const combiner = new CrcCombiner(algorithm)
  for (const { value, sizeBytes } of parts) combiner.add(Buffer.from(value, 'base64'), sizeBytes)
  return combiner.digest().toString('base64')
}

/** A checksum over the parts' checksums, in order: S3's type `COMPOSITE`, base64 with `-<number of parts>` behind it. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const values = Buffer.concat(parts.map((value) => Buffer.from(value, 'base64')))
  return `${checksumOf(algorithm, values)}-${parts.length}`
}
