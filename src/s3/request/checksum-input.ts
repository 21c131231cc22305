import type { ChecksumAlgorithm } from '../../service/records/object.ts'

/** Checksum members of an input or of an element of a document. */
interface ChecksumInput {
  readonly ChecksumCRC32?: string | undefined
  readonly ChecksumCRC32C?: string | undefined
  readonly ChecksumCRC64NVME?: string | undefined
  readonly ChecksumSHA1?: string | undefined
  readonly ChecksumSHA256?: string | undefined
}

/** The checksum that an input gives, whatever its algorithm; undefined when it gives none. */
export function checksumIn(
  input: ChecksumInput,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined {
  if (input.ChecksumCRC32 !== undefined) return { algorithm: 'CRC32', value: input.ChecksumCRC32 }
  if (input.ChecksumCRC32C !== undefined) return { algorithm: 'CRC32C', value: input.ChecksumCRC32C }
  if (input.ChecksumCRC64NVME !== undefined) return { algorithm: 'CRC64NVME', value: input.ChecksumCRC64NVME }
  if (input.ChecksumSHA1 !== undefined) return { algorithm: 'SHA1', value: input.ChecksumSHA1 }
  if (input.ChecksumSHA256 !== undefined) return { algorithm: 'SHA256', value: input.ChecksumSHA256 }
  return undefined
}
