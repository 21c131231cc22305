import { PART_BYTES_MIN, PART_NUMBER_MAX } from '../../model/s3/shapes/upload.ts'
import { OBJECT_BYTES_MAX } from '../../model/s3/shapes/new-object.ts'
import { createHash } from 'node:crypto'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
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
 * The client's list by part number. Throws `MalformedXML` when it is empty or too long, `InvalidArgument` for a number below 1,
 * `InvalidPartOrder` unless numbers rise.
 */
export function listedParts(parts: readonly CompletedPart[]): ReadonlyMap<number, CompletedPart> {
  if (parts.length === 0) throw new ServiceError('MalformedXML', 'You must specify at least one part')
  if (parts.length > PART_NUMBER_MAX)
    throw new ServiceError(
      'MalformedXML',
      `An upload has up to ${PART_NUMBER_MAX} parts, got ${parts.length}.`,
    )
  const listed = new Map<number, CompletedPart>()
  let previous = 0
  for (const part of parts) {
    if (part.partNumber < 1) throw new ServiceError('InvalidArgument', 'PartNumber must be >= 1')
    if (part.partNumber <= previous) throw new ServiceError('InvalidPartOrder')
    previous = part.partNumber
    listed.set(part.partNumber, part)
  }
  return listed
}

/**
 * The content of the object that the listed parts make. Throws `InvalidPart`, `EntityTooSmall`, `EntityTooLarge`, `BadDigest`,
 * `InvalidRequest` (a size is not the expected one, a part's checksum is missing).
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
    throw new ServiceError(
      'InvalidRequest',
      `The upload was created using the ${checksumOf(upload).type} checksum mode. The complete request must use the same checksum mode.`,
    )
  const chosen = chooseParts(upload, from.parts, from.wanted)
  checkSizes(chosen, context.settings.partSizeBytesMin ?? PART_BYTES_MIN)
  const sizeBytes = chosen.reduce((sum, part) => sum + part.sizeBytes, 0)
  if (sizeBytes > OBJECT_BYTES_MAX) throw new ServiceError('EntityTooLarge')
  if (input.expectedSizeBytes !== undefined && input.expectedSizeBytes !== sizeBytes)
    throw new ServiceError(
      'InvalidRequest',
      `The object has ${sizeBytes} bytes, x-amz-mp-object-size says ${input.expectedSizeBytes}.`,
    )
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
      throw new ServiceError(
        'InvalidRequest',
        `The upload was created using a ${ofUpload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
      )
    if (part && checksum && checksumOfPart(part, checksum.algorithm) === undefined)
      throw new ServiceError(
        'BadDigest',
        `The ${checksum.algorithm.toLowerCase()} you specified for part ${partNumber} did not match what we received.`,
      )
    const isRight =
      part?.etag === etag && (!checksum || checksumOfPart(part, checksum.algorithm) === checksum.value)
    if (!part || !isRight)
      throw new ServiceError('InvalidPart', undefined, { details: { PartNumber: partNumber, ETag: etag } })
    chosen.push(part)
  }
  return chosen
}

function checkSizes(parts: readonly PartRecord[], partBytesMin: number): void {
  for (const { partNumber, sizeBytes, etag } of parts.slice(0, -1)) {
    if (sizeBytes < partBytesMin)
      throw new ServiceError('EntityTooSmall', undefined, {
        details: {
          ETag: etag,
          MinSizeAllowed: partBytesMin,
          PartNumber: partNumber,
          ProposedSize: sizeBytes,
        },
      })
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
 * that the client expects, if all parts came with it; what is expected of bytes that nobody digested so is passed over, as S3 does. Throws `BadDigest`.
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
  if (expected && isKnown && !isExpected(checksum, expected)) throw new ServiceError('BadDigest')
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
