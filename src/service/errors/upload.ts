import type { ChecksumAlgorithm, ObjectChecksum } from '../records/object.ts'
import type { NoFields } from './no-fields.ts'

/** Of multipart uploads and their parts. */
export interface UploadErrors {
  NoSuchUpload: { readonly uploadId: string }
  /** Uploads are for those who say who they are. */
  AnonymousUpload: { readonly step: 'beginning' | 'continuation' }
  InvalidPartNumber: { readonly partNumber: number; readonly partNumberMax: number }
  /** `given`: null, where the part has no checksum. */
  PartChecksumTypeDiffers: { readonly expected: ChecksumAlgorithm; readonly given: ChecksumAlgorithm | null }
  /** `start`, `end`: of the range that was asked for, both inclusive. */
  CopyRangeBeyondSource: { readonly sizeBytes: number; readonly start: number; readonly end: number }
  /** A type of checksum, and no algorithm. */
  ChecksumTypeAlone: NoFields
  ChecksumTypeImpossible: { readonly type: ObjectChecksum['type']; readonly algorithm: ChecksumAlgorithm }
  NoParts: NoFields
  TooManyParts: { readonly count: number; readonly countMax: number }
  PartNumberBelowOne: NoFields
  PartsOutOfOrder: NoFields
  /** What completes the upload asks for another type; `type`: that of the upload. */
  ChecksumTypeDiffers: { readonly type: ObjectChecksum['type'] }
  AssembledObjectTooLarge: { readonly sizeBytes: number; readonly sizeBytesMax: number }
  AssembledSizeDiffers: { readonly sizeBytes: number; readonly expectedBytes: number }
  PartChecksumMissing: { readonly algorithm: ChecksumAlgorithm; readonly partNumber: number }
  /** The part was stored without a checksum of the algorithm. */
  PartChecksumUnknown: { readonly algorithm: ChecksumAlgorithm; readonly partNumber: number }
  /** There is none of the number, or its ETag or checksum is another. */
  PartDiffers: { readonly partNumber: number; readonly etag: string }
  PartTooSmall: {
    readonly partNumber: number
    readonly etag: string
    readonly sizeBytes: number
    readonly sizeBytesMin: number
  }
  AssembledChecksumDiffers: NoFields
}
