import assert from 'node:assert/strict'
import { isCombinable } from '../../protocol/checksums/crc-combine.ts'
import { compositeChecksum, fullObjectChecksum } from '../../protocol/checksums/part-checksums.ts'
import type { CombineChecksums } from '../../service/uploads/complete-upload.ts'

/** Makes the checksum of an object out of those of its parts. */
export const combineChecksums: CombineChecksums = ({ algorithm, type }, parts) => {
  if (type === 'COMPOSITE')
    return {
      algorithm,
      type,
      value: compositeChecksum(
        algorithm,
        parts.map(({ value }) => value),
      ),
    }
  assert(isCombinable(algorithm), `no upload is begun with the ${algorithm} of its whole object`)
  return { algorithm, type, value: fullObjectChecksum(algorithm, parts) }
}
