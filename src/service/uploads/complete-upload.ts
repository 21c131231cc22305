import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { WriteConditions } from '../objects/conditions.ts'
import type { WrittenVersion } from '../objects/written-version.ts'
import type { ObjectChecksum } from '../records/object.ts'
import type { UploadChecksum } from '../records/upload.ts'
import type { UploadAddress } from './upload-part.ts'

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

export interface CompleteUploadInput extends UploadAddress, WriteConditions {
  /** 1–10,000 parts in ascending order of number; when a number is repeated its last entry counts. */
  readonly parts: readonly CompletedPart[]
  /** The checksum (wire form) that the client expects of the object. */
  readonly expectedChecksum?: string
  /** The size that the client expects of the object. */
  readonly expectedSizeBytes?: number
  readonly combineChecksums: CombineChecksums
}

/**
 * Makes the object out of its parts, atomically. Completing again an upload whose object is still current gives the same answer. Errors
 * (S3): `MalformedXML` (no parts), `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`, `EntityTooLarge` (over 5 TiB), `BadDigest`,
 * `InvalidRequest` (expected size), `NoSuchUpload`, `NoSuchKey`, `PreconditionFailed`, `ConditionalRequestConflict`, `NoSuchBucket`, `InvalidAccessKeyId`.
 */
export async function completeUpload(
  _context: ServiceContext,
  _admission: Admission,
  _input: CompleteUploadInput,
): Promise<WrittenVersion> {
  throw new ServiceError('NotImplemented')
}
