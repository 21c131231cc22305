import { CHECKSUM_ALGORITHMS, checksumTextKind } from '../../../protocol/checksums/algorithms.ts'
import type { ChecksumAlgorithm } from '../../../protocol/checksums/algorithms.ts'
import { isCombinable } from '../../../protocol/checksums/crc-combine.ts'
import type { CombinableAlgorithm } from '../../../protocol/checksums/crc-combine.ts'

/** Checksums as the SDK's inputs and outputs have them. */
type ChecksumMembers = { readonly [A in ChecksumAlgorithm as `Checksum${A}`]?: string | undefined }

/** Kinds of checksums that the SDK can compute of a part while it is sent. */
const OF_PARTS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const

/** A checksum of an object, in base64. */
export interface KnownChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value: string
}

/** The checksum over all bytes that a response tells, if it tells one. */
export function wholeChecksum(
  told: ChecksumMembers & { readonly ChecksumType?: string | undefined },
): KnownChecksum | undefined {
  if (told.ChecksumType === 'COMPOSITE') return undefined
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = told[`Checksum${algorithm}`]
    if (value !== undefined && checksumTextKind(algorithm, value) === 'value') return { algorithm, value }
  }
  return undefined
}

/** As {@link wholeChecksum}, where it follows from those of the parts. */
export function combinedChecksum(
  told: ChecksumMembers & { readonly ChecksumType?: string | undefined },
): { readonly algorithm: CombinableAlgorithm; readonly value: string } | undefined {
  const { algorithm, value } = wholeChecksum(told) ?? {}
  return algorithm !== undefined && value !== undefined && isCombinable(algorithm)
    ? { algorithm, value }
    : undefined
}

/** Which checksum an upload in parts has to have so that the object gets the one that it had. */
export interface PartChecksums {
  readonly algorithm: (typeof OF_PARTS)[number]
  readonly type: 'COMPOSITE' | 'FULL_OBJECT'
  /** As the object's, `-<number of parts>` included. */
  readonly value: string
}

/** The checksum of an object that was put together of parts; null: it has one that cannot be kept. */
export function partChecksums(
  told: ChecksumMembers & { readonly ChecksumType?: string | undefined },
): PartChecksums | null | undefined {
  const found = CHECKSUM_ALGORITHMS.find((algorithm) => told[`Checksum${algorithm}`] !== undefined)
  if (found === undefined) return undefined
  const algorithm = OF_PARTS.find((each) => each === found)
  const value = told[`Checksum${found}`]
  if (algorithm === undefined || value === undefined) return null
  const type = told.ChecksumType ?? (value.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT')
  return type === 'COMPOSITE' || type === 'FULL_OBJECT' ? { algorithm, type, value } : null
}
