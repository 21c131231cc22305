import type { ByteRange } from '../../storage/blob-store.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { UploadEncryptionRequest } from '../encryption/upload-encryption.ts'
import { DomainError } from '../errors/domain-error.ts'
import { copiedBody, openCopySource } from '../versions/copy-source.ts'
import type { CopySource, DigestBody } from '../versions/copy-source.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'
import { checkPartNumber, getUpload, uploadPart } from './upload-part.ts'
import type { UploadAddress } from './upload-rows.ts'

interface UploadPartCopyInput extends UploadAddress, UploadEncryptionRequest {
  readonly partNumber: number
  readonly source: CopySource
  /** Absent: the whole source. */
  readonly range?: ByteRange
  readonly digest: DigestBody
}

/** Stores bytes of an object as a part. Errors: those of opening the source and of uploadPart; `CopyRangeBeyondSource`. */
export async function uploadPartCopy(
  context: ServiceContext,
  admission: Admission,
  input: UploadPartCopyInput,
): Promise<{ readonly part: PartRecord; readonly upload: UploadRecord; readonly sourceVersionId?: string }> {
  const { objectKey, uploadId, partNumber, range, customerKey, isServerSide } = input
  checkPartNumber(partNumber)
  await getUpload(context, admission, input)
  const open = await openCopySource(context, input.source)
  if (range && range.end >= open.record.sizeBytes)
    throw new DomainError('CopyRangeBeyondSource', { sizeBytes: open.record.sizeBytes, ...range })
  const body = await copiedBody(open, input.digest, range)
  const stored = await uploadPart(context, admission, {
    objectKey,
    uploadId,
    partNumber,
    body,
    ...(customerKey && { customerKey }),
    ...(isServerSide && { isServerSide }),
  })
  return { ...stored, ...(open.versionId !== undefined && { sourceVersionId: open.versionId }) }
}
