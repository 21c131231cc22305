import { CHECKSUM_ALGORITHMS, CHECKSUM_HEADERS, isChecksumText } from '../../protocol/checksums/algorithms.ts'
import { ServiceError } from '../../service/errors.ts'
import type { ChecksumAlgorithm } from '../../service/records/object.ts'

/** Checksum members of an input or of an element of a document. */
type ChecksumInput = { readonly [A in ChecksumAlgorithm as `Checksum${A}`]?: string | undefined }

/** The checksum that an input gives, whatever its algorithm; undefined when it gives none, or an empty one. */
export function checksumIn(
  input: ChecksumInput,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = input[`Checksum${algorithm}`]
    if (value !== undefined && value !== '') return { algorithm, value }
  }
  return undefined
}

/** The number of parts behind a composite checksum. */
const PART_COUNT = /-\d{1,5}$/

/** The checksum that a completion expects of its object. Throws `InvalidRequest` for a value that is none of its algorithm. */
export function expectedChecksum(input: ChecksumInput): ReturnType<typeof checksumIn> {
  const expected = checksumIn(input)
  if (expected && !isChecksumText(expected.algorithm, expected.value.replace(PART_COUNT, '')))
    throw new ServiceError(
      'InvalidRequest',
      `Value for ${CHECKSUM_HEADERS[expected.algorithm]} header is invalid.`,
    )
  return expected
}
