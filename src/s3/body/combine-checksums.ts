import { isCombinable } from '../../protocol/checksums/crc-combine.ts'
import { compositeChecksum, fullObjectChecksum } from '../../protocol/checksums/part-checksums.ts'
import { S3Error } from '../s3-error.ts'
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
  if (!isCombinable(algorithm))
    throw new S3Error('InvalidRequest', `The ${algorithm} of an object cannot be made out of its parts'.`)
  return { algorithm, type, value: fullObjectChecksum(algorithm, parts) }
}
