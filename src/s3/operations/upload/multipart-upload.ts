import { unquoteEtag } from '../../../base/etags.ts'
import type { InputOf } from '../../../model/operation.ts'
import { furtherActions, rightsOf } from '../../../model/s3/right.ts'
import * as model from '../../../model/s3/upload/multipart-upload.ts'
import { abortUpload } from '../../../service/uploads/abort-upload.ts'
import { completeUpload } from '../../../service/uploads/complete-upload.ts'
import { createUpload } from '../../../service/uploads/create-upload.ts'
import { uploadChecksum } from '../../../service/uploads/upload-checksum.ts'
import { readUpload } from '../../../service/uploads/upload-rows.ts'
import { noteVersion } from '../../access-log/note-version.ts'
import { checksumOutput } from '../../response/checksum-output.ts'
import { encryptionOutput } from '../../response/encryption-output.ts'
import { expirationHeader } from '../../response/expiration-header.ts'
import { objectLocation } from '../../response/object-location.ts'
import { combineChecksums } from '../../body/combine-checksums.ts'
import type { S3Call } from '../../call.ts'
import { handler } from '../../operation-handler.ts'
import { newObjectAcl } from '../../request/acl-headers.ts'
import { expectedChecksum, partChecksum } from '../../request/checksum-input.ts'
import { quoteEtag } from '../../request/etags.ts'
import { givenByUpload, givenHeaders } from '../../request/given-headers.ts'
import { objectAttributes } from '../../request/object-attributes.ts'
import { factsOfCompletion } from '../../request/request-facts.ts'
import { uploadEncryption } from '../../request/upload-encryption.ts'
import { writeConditions } from '../../request/write-conditions.ts'

/** Begins an upload with all that the object will have besides its bytes. Throws as objectAttributes, uploadChecksum and createUpload. */
export const createMultipartUploadHandler = handler(model.createMultipartUpload, async (input, call) => {
  const attributes = objectAttributes(call.context.settings, input, await newObjectAcl(call, input))
  const checksum = uploadChecksum(input.ChecksumAlgorithm, input.ChecksumType)
  const given = givenHeaders(call.headers)
  const upload = await createUpload(call.context, call.admission, {
    objectKey: call.objectKey,
    attributes,
    ...writeConditions(input),
    ...(given && { givenHeaders: given }),
    ...(checksum && { checksum }),
  })
  return {
    Bucket: call.bucket.name,
    Key: upload.key,
    UploadId: upload.uploadId,
    ...encryptionOutput(upload.encryption),
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
  }
})

const rights = rightsOf(model.completeMultipartUpload)

/** Makes the object out of an upload's parts. Throws what `completeUpload` throws. */
export const completeMultipartUploadHandler = handler(model.completeMultipartUpload, async (input, call) => {
  await requireGiven(call, input)
  const conditions = writeConditions(input)
  const expected = expectedChecksum(input)
  const encryption = uploadEncryption(input)
  const written = await completeUpload(call.context, call.admission, {
    objectKey: call.objectKey,
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
  { context, access, objectKey, headers }: S3Call,
  input: InputOf<typeof model.completeMultipartUpload>,
): Promise<void> {
  const stored = await readUpload(context, access.bucket.record, {
    objectKey,
    uploadId: input.UploadId,
  })
  // Of one that is over, the response is given again and nothing is made.
  if (!stored || stored.record.closed) return
  const known = { upload: givenByUpload(stored.record) }
  const actions = furtherActions(rights, 'new-object', { input, known, namesVersion: false })
  await access.requireNow(actions, 'new-object', factsOfCompletion(access.request, headers, stored.record))
}

/** Ends an upload and removes its parts. Throws `NoSuchUpload`. */
export const abortMultipartUploadHandler = handler(model.abortMultipartUpload, async (input, call) => {
  await abortUpload(call.context, call.admission, { objectKey: call.objectKey, uploadId: input.UploadId })
  return {}
})
