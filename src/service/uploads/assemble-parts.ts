import { PART_BYTES_MIN, PART_NUMBER_MAX } from '../../model/s3/shapes/upload.ts'
import { OBJECT_BYTES_MAX } from '../../model/s3/shapes/new-object.ts'
import { createHash } from 'node:crypto'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { VersionContent } from '../versions/new-version.ts'
import { DEFAULT_CHECKSUM_ALGORITHM, encodePartLayout, withoutPartCount } from '../records/object.ts'
import type { ChecksumAlgorithm, ObjectChecksum, ObjectPart } from '../records/object.ts'
import type { PartChecksum, PartRecord, UploadChecksum, UploadRecord } from '../records/upload.ts'
import type { StoredPart } from './upload-rows.ts'

/** A part as the client lists it. */
export interface CompletedPart {
  readonly partNumber: number
  /** Unquoted. */
  readonly etag: string
  /** Compared when given; an upload of which the object's checksum is a composite one needs it. */
  readonly checksum?: PartChecksum
}

/** Makes the object's checksum out of its parts' (base64 values, in order). */
export type CombineChecksums = (
  upload: UploadChecksum,
  parts: readonly { readonly value: string; readonly sizeBytes: number }[],
) => ObjectChecksum

/**
 * The client's list by part number. Throws `NoParts`, `TooManyParts`, `PartNumberBelowOne`, and
 * `PartsOutOfOrder` unless numbers rise.
 */
export function listedParts(parts: readonly CompletedPart[]): ReadonlyMap<number, CompletedPart> {
  if (parts.length === 0) throw new DomainError('NoParts')
  if (parts.length > PART_NUMBER_MAX)
    throw new DomainError('TooManyParts', { count: parts.length, countMax: PART_NUMBER_MAX })
  const listed = new Map<number, CompletedPart>()
  let previous = 0
  for (const part of parts) {
    if (part.partNumber < 1) throw new DomainError('PartNumberBelowOne')
    if (part.partNumber <= previous) throw new DomainError('PartsOutOfOrder')
    previous = part.partNumber
    listed.set(part.partNumber, part)
  }
  return listed
}

/**
 * The content of the object that the listed parts make. Throws `ChecksumTypeDiffers`, `PartChecksumMissing`, `PartChecksumUnknown`,
 * `PartDiffers`, `PartTooSmall`, `AssembledObjectTooLarge`, `AssembledSizeDiffers`, `AssembledChecksumDiffers`.
 */
export function assembleParts(
  context: ServiceContext,
  from: {
    readonly upload: UploadRecord
    readonly parts: readonly StoredPart[]
    readonly wanted: ReadonlyMap<number, CompletedPart>
    readonly input: {
      readonly expectedChecksum?: PartChecksum
      readonly expectedChecksumType?: ObjectChecksum['type']
      readonly expectedSizeBytes?: number
      readonly combineChecksums: CombineChecksums
    }
  },
): VersionContent {
  const { upload, input } = from
  if (input.expectedChecksumType !== undefined && input.expectedChecksumType !== checksumOf(upload).type)
    throw new DomainError('ChecksumTypeDiffers', { type: checksumOf(upload).type })
  const chosen = chooseParts(upload, from.parts, from.wanted)
  checkSizes(chosen, context.settings.partSizeBytesMin ?? PART_BYTES_MIN)
  const sizeBytes = chosen.reduce((sum, part) => sum + part.sizeBytes, 0)
  if (sizeBytes > OBJECT_BYTES_MAX)
    throw new DomainError('AssembledObjectTooLarge', { sizeBytes, sizeBytesMax: OBJECT_BYTES_MAX })
  if (input.expectedSizeBytes !== undefined && input.expectedSizeBytes !== sizeBytes)
    throw new DomainError('AssembledSizeDiffers', { sizeBytes, expectedBytes: input.expectedSizeBytes })
  const checksum = objectChecksum(upload, chosen, input)
  return {
    sizeBytes,
    etag: etagOfParts(chosen),
    body: 'parts',
    partCount: chosen.length,
    uploadId: upload.uploadId,
    tail: encodePartLayout({
      // As in S3, the parts of an upload that was begun without an algorithm have no checksums of their own.
      parts: chosen.map((part) => objectPart(part, upload.checksum && checksum?.algorithm)),
    }),
    ...(checksum && { checksum }),
    ...(upload.encryption && { encryption: upload.encryption }),
  }
}

function chooseParts(
  { checksum: ofUpload }: UploadRecord,
  parts: readonly StoredPart[],
  wanted: ReadonlyMap<number, CompletedPart>,
): readonly PartRecord[] {
  const stored = new Map(parts.map(({ record }) => [record.partNumber, record]))
  const chosen: PartRecord[] = []
  for (const { partNumber, etag, checksum } of wanted.values()) {
    const part = stored.get(partNumber)
    if (ofUpload?.type === 'COMPOSITE' && checksum?.algorithm !== ofUpload.algorithm)
      throw new DomainError('PartChecksumMissing', { algorithm: ofUpload.algorithm, partNumber })
    if (part && checksum && checksumOfPart(part, checksum.algorithm) === undefined)
      throw new DomainError('PartChecksumUnknown', { algorithm: checksum.algorithm, partNumber })
    const isRight =
      part?.etag === etag && (!checksum || checksumOfPart(part, checksum.algorithm) === checksum.value)
    if (!part || !isRight) throw new DomainError('PartDiffers', { partNumber, etag })
    chosen.push(part)
  }
  return chosen
}

function checkSizes(parts: readonly PartRecord[], partBytesMin: number): void {
  for (const { partNumber, sizeBytes, etag } of parts.slice(0, -1)) {
    if (sizeBytes < partBytesMin)
      throw new DomainError('PartTooSmall', { partNumber, etag, sizeBytes, sizeBytesMin: partBytesMin })
  }
}

/** What the object's checksum will be: the default where the upload was begun without an algorithm. */
const checksumOf = ({ checksum }: UploadRecord): UploadChecksum =>
  checksum ?? { algorithm: DEFAULT_CHECKSUM_ALGORITHM, type: 'FULL_OBJECT' }

const checksumOfPart = (
  { checksum, crc64Nvme }: PartRecord,
  algorithm: ChecksumAlgorithm,
): string | undefined =>
  checksum?.algorithm === algorithm ? checksum.value : algorithm === 'CRC64NVME' ? crc64Nvme : undefined

/**
 * The object's checksum; null where a part has none to make it of. Of an upload that was begun without an algorithm it may be of another one
 * that the client expects, if all parts came with it; what is expected of bytes that nobody digested so is passed over, as S3 does. Throws `AssembledChecksumDiffers`.
 */
function objectChecksum(
  upload: UploadRecord,
  parts: readonly PartRecord[],
  input: { readonly expectedChecksum?: PartChecksum; readonly combineChecksums: CombineChecksums },
): ObjectChecksum | null {
  const { expectedChecksum: expected, combineChecksums: combine } = input
  const own = checksumOf(upload)
  const other = upload.checksum || !expected?.algorithm.startsWith('CRC') ? null : expected.algorithm
  const ofOther = other && combinedChecksum({ ...own, algorithm: other }, parts, combine)
  const checksum = ofOther ?? combinedChecksum(own, parts, combine)
  const isKnown = upload.checksum !== undefined || checksum?.algorithm === expected?.algorithm
  if (expected && isKnown && !isExpected(checksum, expected))
    throw new DomainError('AssembledChecksumDiffers')
  return checksum
}

function combinedChecksum(
  checksum: UploadChecksum,
  parts: readonly PartRecord[],
  combine: CombineChecksums,
): ObjectChecksum | null {
  const values: { value: string; sizeBytes: number }[] = []
  for (const part of parts) {
    const value = checksumOfPart(part, checksum.algorithm)
    if (value === undefined) return null
    values.push({ value, sizeBytes: part.sizeBytes })
  }
  return combine(checksum, values)
}

/** Clients give a composite checksum with the number of parts behind it or without. */
function isExpected(checksum: ObjectChecksum | null, expected: PartChecksum): boolean {
  if (checksum?.algorithm !== expected.algorithm) return false
  return checksum.value === expected.value || withoutPartCount(checksum) === expected.value
}

/** As S3 makes it: the MD5 of the parts' MD5s, and how many there are. */
function etagOfParts(parts: readonly PartRecord[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(etag, 'hex')
  return `${hash.digest('hex')}-${parts.length}`
}

function objectPart(part: PartRecord, algorithm: ChecksumAlgorithm | undefined): ObjectPart {
  const { partNumber, sizeBytes, blobId, salt } = part
  const checksum = algorithm === undefined ? undefined : checksumOfPart(part, algorithm)
  return {
    partNumber,
    sizeBytes,
    ...(blobId !== undefined && { blobId }),
    ...(checksum !== undefined && { checksum }),
    ...(salt !== undefined && { salt }),
  }
}
