/** The checksum algorithms of S3, as its APIs spell them. */
export const CHECKSUM_ALGORITHMS = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
  'SHA512',
  'MD5',
  'XXHASH64',
  'XXHASH3',
  'XXHASH128',
] as const
/** One of {@link CHECKSUM_ALGORITHMS}. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

/** Bytes of a checksum's value. */
export const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
  XXHASH64: 8,
  XXHASH3: 8,
  XXHASH128: 16,
}

/** The header, trailer or form field that carries a checksum. */
export const CHECKSUM_HEADERS = {
  CRC32: 'x-amz-checksum-crc32',
  CRC32C: 'x-amz-checksum-crc32c',
  CRC64NVME: 'x-amz-checksum-crc64nvme',
  SHA1: 'x-amz-checksum-sha1',
  SHA256: 'x-amz-checksum-sha256',
  SHA512: 'x-amz-checksum-sha512',
  MD5: 'x-amz-checksum-md5',
  XXHASH64: 'x-amz-checksum-xxhash64',
  XXHASH3: 'x-amz-checksum-xxhash3',
  XXHASH128: 'x-amz-checksum-xxhash128',
} as const satisfies Readonly<Record<ChecksumAlgorithm, string>>

const BY_HEADER: ReadonlyMap<string, ChecksumAlgorithm> = new Map(
  CHECKSUM_ALGORITHMS.map((algorithm) => [CHECKSUM_HEADERS[algorithm], algorithm]),
)

/** The algorithm whose values a header (lower-case name) carries, or null. */
export function algorithmOfHeader(name: string): ChecksumAlgorithm | null {
  return BY_HEADER.get(name) ?? null
}

/** The algorithm that a text names, in any case as S3 takes it, or null. */
export function parseAlgorithm(text: string): ChecksumAlgorithm | null {
  const upper = text.toUpperCase()
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === upper) ?? null
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * What a text is that stands for a value of the algorithm: `value`; `cut`, base64 that lacks characters at its end, which is the value of no
 * bytes; or `other`, what is no base64 or has another length.
 */
export function checksumTextKind(algorithm: ChecksumAlgorithm, text: string): 'value' | 'cut' | 'other' {
  if (!BASE64.test(text)) return 'other'
  if (text.length % 4 !== 0) return 'cut'
  return Buffer.from(text, 'base64').length === CHECKSUM_BYTES[algorithm] ? 'value' : 'other'
}
