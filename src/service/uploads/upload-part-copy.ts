import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { ByteRange } from '../../storage/blob-store.ts'
import type { CopySource, DigestBody } from '../objects/copy-object.ts'
import type { CustomerKey } from '../objects/object-attributes.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'
import type { UploadAddress } from './upload-part.ts'

export interface UploadPartCopyInput extends UploadAddress {
  readonly partNumber: number
  readonly source: CopySource
  /** Absent: the whole source. */
  readonly range?: ByteRange
  readonly customerKey?: CustomerKey
  readonly digest: DigestBody
}

/** Stores bytes of an object as a part. Errors: those of opening the source and of uploadPart; `InvalidRange` (beyond the source). */
export async function uploadPartCopy(
  _context: ServiceContext,
  _admission: Admission,
  _input: UploadPartCopyInput,
): Promise<{ readonly part: PartRecord; readonly upload: UploadRecord; readonly sourceVersionId?: string }> {
  throw new ServiceError('NotImplemented')
}
