import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'
import type { UploadAddress } from './upload-part.ts'

export interface ListPartsInput extends UploadAddress {
  /** Only parts with a greater number. */
  readonly partNumberMarker?: number
  /** 0–1000; more is taken as 1000. */
  readonly maxParts: number
}

export interface ListPartsPage {
  readonly upload: UploadRecord
  readonly parts: readonly PartRecord[]
  readonly isTruncated: boolean
  /** The last part's number, 0 when there is none. */
  readonly nextPartNumberMarker: number
}

/** One page of an upload's parts. Errors (S3): `NoSuchUpload`, `InvalidArgument`. */
export async function listParts(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _input: ListPartsInput,
): Promise<ListPartsPage> {
  throw new ServiceError('NotImplemented')
}
