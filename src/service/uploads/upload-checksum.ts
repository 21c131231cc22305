import { DomainError } from '../errors/domain-error.ts'
import type { ChecksumAlgorithm } from '../records/object.ts'
import type { UploadChecksum } from '../records/upload.ts'

/**
 * The checksum that an upload is begun with, out of what is asked for; undefined: none is. Without a type it is S3's default for the algorithm: what
 * CRC-64/NVME makes of parts is always the whole object's, what the others make is of the parts. Throws `ChecksumTypeAlone` for a type of no
 * algorithm, and `ChecksumTypeImpossible` for one that the algorithm does not have.
 */
export function uploadChecksum(
  algorithm: ChecksumAlgorithm | undefined,
  type: UploadChecksum['type'] | undefined,
): UploadChecksum | undefined {
  if (algorithm === undefined) {
    if (type !== undefined) throw new DomainError('ChecksumTypeAlone')
    return undefined
  }
  const chosen = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')
  const isPossible = chosen === 'FULL_OBJECT' ? algorithm.startsWith('CRC') : algorithm !== 'CRC64NVME'
  if (!isPossible) throw new DomainError('ChecksumTypeImpossible', { type: chosen, algorithm })
  return { algorithm, type: chosen }
}
