import { completeMultipartUpload as model } from '../../model/s3/complete-multipart-upload.ts'
import { completeUpload } from '../../service/uploads/complete-upload.ts'
import { noteVersion } from '../access-log/note-version.ts'
import { checksumOutput } from '../answer/checksum-output.ts'
import { encryptionOutput } from '../answer/encryption-output.ts'
import { expirationHeader } from '../answer/expiration-header.ts'
import { combineChecksums } from '../body/combine-checksums.ts'
import { objectLocation } from '../answer/object-location.ts'
import { handler } from '../operation-handler.ts'
import { checksumIn, expectedChecksum } from '../request/checksum-input.ts'
import { quoteEtag, unquoteEtag } from '../request/etags.ts'
import { uploadEncryption } from '../request/upload-encryption.ts'
import { writeConditions } from '../request/write-conditions.ts'

/** Makes the object out of an upload's parts. Throws what `completeUpload` throws. */
export const completeMultipartUploadHandler = handler(model, 's3:PutObject', async (input, call) => {
  const conditions = writeConditions(input)
  const expected = expectedChecksum(input)
  const encryption = uploadEncryption(input)
  const written = await completeUpload(call.context, call.admission, {
    key: call.objectKey,
    uploadId: input.UploadId,
    parts: input.MultipartUpload.Parts.map((part) => {
      const checksum = checksumIn(part)
      return {
        partNumber: part.PartNumber,
        etag: unquoteEtag(part.ETag),
        ...(checksum && { checksum }),
      }
    }),
    ...(expected && { expectedChecksum: expected }),
    ...(input.ChecksumType !== undefined && { expectedChecksumType: input.ChecksumType }),
    ...(input.MpuObjectSize !== undefined && { expectedSizeBytes: input.MpuObjectSize }),
    ...encryption,
    combineChecksums,
    ...conditions,
  })
  const { record, versionId } = written
  noteVersion(call.exchange.facts, written)
  return {
    Location: objectLocation(call),
    Bucket: call.bucket.name,
    Key: call.objectKey,
    ETag: quoteEtag(record.etag),
    ...checksumOutput(record.checksum),
    ChecksumType: record.checksum?.type,
    VersionId: versionId,
    Expiration: expirationHeader(call, record),
    ...encryptionOutput(record.encryption),
  }
})
