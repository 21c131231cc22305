import {
  CHECKSUM_ALGORITHMS,
  CHECKSUM_HEADERS,
  checksumTextKind,
} from '../../protocol/checksums/algorithms.ts'
import { S3Error } from '../s3-error.ts'
import { invalidArgument } from './argument-errors.ts'
import type { ChecksumAlgorithm } from '../../service/records/object.ts'

/** Checksum members of an input or of an element of a document. */
type ChecksumInput = { readonly [A in ChecksumAlgorithm as `Checksum${A}`]?: string | undefined }

/** The checksum that an input gives, whatever its algorithm; undefined when it gives none, or an empty one. */
function checksumIn(
  input: ChecksumInput,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined {
  if (!namesChecksum(input)) return undefined
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = input[`Checksum${algorithm}`]
    if (value !== undefined && value !== '') return { algorithm, value }
  }
  return undefined
}

/** Most of the 10,000 parts of a list name none, which shows sooner by what they name than by what they could. */
function namesChecksum(input: object): boolean {
  for (const member in input) if (member.startsWith('Checksum')) return true
  return false
}

/** The number of parts behind a composite checksum. */
const PART_COUNT = /-\d{1,5}$/

/** The checksum that an entry of a completion's list gives. Throws `InvalidArgument` for a value that is none of its algorithm, and for several. */
export function partChecksum(part: ChecksumInput): ReturnType<typeof checksumIn> {
  const checksum = checksumIn(part)
  if (!checksum) return undefined
  const { algorithm, value } = checksum
  const isOne = checksumIn({ ...part, [`Checksum${algorithm}`]: undefined }) === undefined
  if (!isOne || checksumTextKind(algorithm, value) !== 'value')
    throw invalidArgument(
      `Checksum${algorithm}`,
      value,
      'Invalid Base64 or multiple checksums present in request',
    )
  return checksum
}

/**
 * The checksum that a completion expects of its object. Throws `InvalidRequest` for what is no value of its algorithm, and `BadDigest` for one
 * that was cut.
 */
export function expectedChecksum(input: ChecksumInput): ReturnType<typeof checksumIn> {
  const expected = checksumIn(input)
  if (!expected) return undefined
  const kind = checksumTextKind(expected.algorithm, expected.value.replace(PART_COUNT, ''))
  if (kind === 'value') return expected
  throw kind === 'cut'
    ? new S3Error('BadDigest')
    : new S3Error('InvalidRequest', `Value for ${CHECKSUM_HEADERS[expected.algorithm]} header is invalid.`)
}
