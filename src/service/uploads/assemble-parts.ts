import { createHash } from 'node:crypto'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { VersionContent } from '../objects/new-version.ts'
import { encodePartLayout } from '../records/object.ts'
import type { ObjectChecksum, ObjectPart } from '../records/object.ts'
import type { PartRecord, UploadChecksum, UploadRecord } from '../records/upload.ts'
import { PART_NUMBER_MAX } from './upload-part.ts'
import type { StoredPart } from './upload-rows.ts'

/** A part as the client lists it. */
export interface CompletedPart {
  readonly partNumber: number
  /** Unquoted. */
  readonly etag: string
  /** Base64; compared when given. */
  readonly checksum?: string
}

/** Makes the object's checksum out of its parts' (base64 values, in order). */
export type CombineChecksums = (
  upload: UploadChecksum,
  parts: readonly { readonly value: string; readonly sizeBytes: number }[],
) => ObjectChecksum

/** Every part but the last has at least this many bytes, unless the settings say otherwise. */
const PART_BYTES_MIN = 5 * 1024 ** 2
const OBJECT_BYTES_MAX = 5 * 1024 ** 4

/** The client's list by part number. Throws `MalformedXML` when it is empty or too long, `InvalidPartOrder` unless numbers rise. */
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
    if (part.partNumber <= previous) throw new ServiceError('InvalidPartOrder')
    previous = part.partNumber
    listed.set(part.partNumber, part)
  }
  return listed
}

/**
 * The content of the object that the listed parts make. Throws `InvalidPart`, `EntityTooSmall`, `EntityTooLarge`, `BadDigest`,
 * `InvalidRequest` (a size or checksum was expected that cannot be).
 */
export function assembleParts(
  context: ServiceContext,
  from: {
    readonly upload: UploadRecord
    readonly parts: readonly StoredPart[]
    readonly wanted: ReadonlyMap<number, CompletedPart>
    readonly input: {
      readonly expectedChecksum?: string
      readonly expectedSizeBytes?: number
      readonly combineChecksums: CombineChecksums
    }
  },
): VersionContent {
  const { upload, input } = from
  const chosen = chooseParts(from.parts, from.wanted)
  checkSizes(chosen, context.settings.partSizeBytesMin ?? PART_BYTES_MIN)
  const sizeBytes = chosen.reduce((sum, part) => sum + part.sizeBytes, 0)
  if (sizeBytes > OBJECT_BYTES_MAX) throw new ServiceError('EntityTooLarge')
  if (input.expectedSizeBytes !== undefined && input.expectedSizeBytes !== sizeBytes)
    throw new ServiceError(
      'InvalidRequest',
      `The object has ${sizeBytes} bytes, x-amz-mp-object-size says ${input.expectedSizeBytes}.`,
    )
  const checksum = combinedChecksum(upload, chosen, input.combineChecksums)
  if (input.expectedChecksum !== undefined && checksum?.value !== input.expectedChecksum)
    throw new ServiceError('BadDigest')
  return {
    sizeBytes,
    etag: etagOfParts(chosen),
    body: 'parts',
    partCount: chosen.length,
    uploadId: upload.uploadId,
    tail: encodePartLayout({ parts: chosen.map(objectPart) }),
    ...(checksum && { checksum }),
    ...(upload.encryption && { encryption: upload.encryption }),
  }
}

function chooseParts(
  parts: readonly StoredPart[],
  wanted: ReadonlyMap<number, CompletedPart>,
): readonly PartRecord[] {
  const stored = new Map(parts.map(({ record }) => [record.partNumber, record]))
  const chosen: PartRecord[] = []
  for (const { partNumber, etag, checksum } of wanted.values()) {
    const part = stored.get(partNumber)
    const isRight =
      part?.etag === etag && (checksum === undefined || checksum === '' || part.checksum?.value === checksum)
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

/** None when the upload was begun without an algorithm, or a part came without its checksum. */
function combinedChecksum(
  { checksum }: UploadRecord,
  parts: readonly PartRecord[],
  combine: CombineChecksums,
): ObjectChecksum | null {
  if (!checksum) return null
  const values: { value: string; sizeBytes: number }[] = []
  for (const part of parts) {
    if (!part.checksum) return null
    values.push({ value: part.checksum.value, sizeBytes: part.sizeBytes })
  }
  return combine(checksum, values)
}

/** As S3 makes it: the MD5 of the parts' MD5s, and how many there are. */
function etagOfParts(parts: readonly PartRecord[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(etag, 'hex')
  return `${hash.digest('hex')}-${parts.length}`
}

const objectPart = ({ partNumber, sizeBytes, blobId, checksum, salt }: PartRecord): ObjectPart => ({
  partNumber,
  sizeBytes,
  ...(blobId !== undefined && { blobId }),
  ...(checksum && { checksum: checksum.value }),
  ...(salt !== undefined && { salt }),
})
