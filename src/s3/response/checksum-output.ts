import type { ChecksumAlgorithm } from '../../service/records/object.ts'

type ChecksumMember = `Checksum${ChecksumAlgorithm}`

/** A checksum as the member that outputs have for its algorithm; nothing when there is none. */
export function checksumOutput(
  checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined,
): Partial<Record<ChecksumMember, string>> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {}
}
