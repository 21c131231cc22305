import { completeMultipartUpload as model } from '../../model/s3/complete-multipart-upload.ts'
import type { InputOf } from '../../model/operation.ts'
import { furtherActions, rightsOf } from '../../model/s3/right.ts'
import { unquoteEtag } from '../../base/etags.ts'
import { readUpload } from '../../service/uploads/upload-rows.ts'
import type { S3Call } from '../call.ts'
import { factsOfCompletion, givenByUpload } from '../request/given-headers.ts'
import { completeUpload } from '../../service/uploads/complete-upload.ts'
import { noteVersion } from '../access-log/note-version.ts'
import { checksumOutput } from '../answer/checksum-output.ts'
import { encryptionOutput } from '../answer/encryption-output.ts'
import { expirationHeader } from '../answer/expiration-header.ts'
import { combineChecksums } from '../body/combine-checksums.ts'
import { objectLocation } from '../answer/object-location.ts'
import { handler } from '../operation-handler.ts'
import { expectedChecksum, partChecksum } from '../request/checksum-input.ts'
import { quoteEtag } from '../request/etags.ts'
import { uploadEncryption } from '../request/upload-encryption.ts'
import { writeConditions } from '../request/write-conditions.ts'

const rights = rightsOf(model)

/** Makes the object out of an upload's parts. Throws what `completeUpload` throws. */
export const completeMultipartUploadHandler = handler(model, async (input, call) => {
  await requireGiven(call, input)
  const conditions = writeConditions(input)
  const expected = expectedChecksum(input)
  const encryption = uploadEncryption(input)
  const written = await completeUpload(call.context, call.admission, {
    key: call.objectKey,
    uploadId: input.UploadId,
    parts: input.MultipartUpload.Parts.map((part) => {
      const checksum = partChecksum(part)
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

/**
 * The object is made now: who makes it needs the rights to all that the upload was begun with, which may have been taken away since. Throws
 * `AccessDenied`.
 */
async function requireGiven(
  { context, access, objectKey }: S3Call,
  input: InputOf<typeof model>,
): Promise<void> {
  const stored = await readUpload(context, access.bucket.record, { key: objectKey, uploadId: input.UploadId })
  // Of one that is over, the answer is given again and nothing is made.
  if (!stored || stored.record.closed) return
  const known = { upload: givenByUpload(stored.record) }
  const actions = furtherActions(rights, 'new-object', { input, known, namesVersion: false })
  await access.requireNow(actions, 'new-object', factsOfCompletion(access.request, stored.record))
}
