import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { ObjectAttributes } from '../objects/object-attributes.ts'
import type { UploadChecksum, UploadRecord } from '../records/upload.ts'

export interface CreateUploadInput {
  readonly key: string
  readonly attributes: ObjectAttributes
  /** Absent: parts may come with or without checksums, and the object has none. */
  readonly checksum?: UploadChecksum
}

/** Begins a multipart upload. Errors (S3): `KeyTooLongError`, `InvalidRequest` (lock, checksum type), `NoSuchBucket`, `InvalidAccessKeyId`. */
export async function createUpload(
  _context: ServiceContext,
  _admission: Admission,
  _input: CreateUploadInput,
): Promise<UploadRecord> {
  throw new ServiceError('NotImplemented')
}
