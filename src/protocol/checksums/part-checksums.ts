import { createHash } from 'node:crypto'
import type { ChecksumAlgorithm } from './algorithms.ts'
import { CHECKSUM_BYTES } from './algorithms.ts'
import { checksumOf } from './checksum.ts'
import type { CombinableAlgorithm } from './crc-combine.ts'
import { CrcCombiner } from './crc-combine.ts'

/** What is known of one part of a multipart upload. */
export interface PartChecksum {
  /** Base64. */
  readonly value: string
  readonly sizeBytes: number
}

/** The checksum, in base64, that the whole object has by its parts' checksums, in order: S3's type `FULL_OBJECT`. */
export function fullObjectChecksum(algorithm: CombinableAlgorithm, parts: readonly PartChecksum[]): string {
  const combiner = new CrcCombiner(algorithm)
  for (const part of parts) combiner.add(toInteger(part.value), part.sizeBytes)
  const digits = combiner.value.toString(16).padStart(CHECKSUM_BYTES[algorithm] * 2, '0')
  return Buffer.from(digits, 'hex').toString('base64')
}

/** A checksum over the parts' checksums, in order: S3's type `COMPOSITE`, base64 with `-<number of parts>` behind it. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const values = Buffer.concat(parts.map((value) => Buffer.from(value, 'base64')))
  return `${checksumOf(algorithm, values)}-${parts.length}`
}

/** The ETag of an object made of parts: MD5 over the parts' MD5s (hexadecimal), and the number of parts. */
export function multipartEtag(partEtags: readonly string[]): string {
  const hash = createHash('md5')
  for (const etag of partEtags) hash.update(etag, 'hex')
  return `${hash.digest('hex')}-${partEtags.length}`
}

function toInteger(base64: string): bigint {
  const digits = Buffer.from(base64, 'base64').toString('hex')
  return digits === '' ? 0n : BigInt(`0x${digits}`)
}
