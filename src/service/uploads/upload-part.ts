import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { CustomerKey } from '../objects/object-attributes.ts'
import type { ObjectBody } from '../objects/object-body.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'

/** Names an upload: both must fit. */
export interface UploadAddress {
  readonly key: string
  readonly uploadId: string
}

export interface UploadPartInput extends UploadAddress {
  /** 1–10,000. */
  readonly partNumber: number
  readonly body: ObjectBody
  /** Required by an upload that was begun with a customer's key. */
  readonly customerKey?: CustomerKey
}

/** The upload as it was begun: its checksum algorithm tells how to read a part's body. Errors (S3): `NoSuchUpload`. */
export async function getUpload(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _address: UploadAddress,
): Promise<UploadRecord> {
  throw new ServiceError('NotImplemented')
}

/**
 * Stores a part; the same number again replaces it. Errors (S3): those of the body, `InvalidArgument` (part number), `NoSuchUpload`,
 * `InvalidRequest` (checksum algorithm or encryption differs from the upload's), `EntityTooLarge`, `NoSuchBucket`, `InvalidAccessKeyId`.
 */
export async function uploadPart(
  _context: ServiceContext,
  _admission: Admission,
  _input: UploadPartInput,
): Promise<{ readonly part: PartRecord; readonly upload: UploadRecord }> {
  throw new ServiceError('NotImplemented')
}
