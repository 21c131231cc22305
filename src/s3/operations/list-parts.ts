import { listParts as model } from '../../model/s3/list-parts.ts'
import { listParts } from '../../service/uploads/list-parts.ts'
import { checksumOutput } from '../answer/checksum-output.ts'
import { canonicalUsersOf } from '../accounts.ts'
import { handler } from '../operation-handler.ts'
import { quoteEtag } from '../request/etags.ts'

const PAGE_PARTS_MAX = 1000

/** Lists the parts of an upload, by pages. Throws `NoSuchUpload`. */
export const listPartsHandler = handler(model, async (input, call) => {
  const maxParts = Math.min(input.MaxParts ?? PAGE_PARTS_MAX, PAGE_PARTS_MAX)
  const { upload, parts, isTruncated, nextPartNumberMarker } = await listParts(call.context, call.admission, {
    key: call.objectKey,
    uploadId: input.UploadId,
    maxParts,
    ...(input.PartNumberMarker !== undefined && { partNumberMarker: input.PartNumberMarker }),
  })
  const users = await canonicalUsersOf(call.context, [upload.initiatorAccountId, upload.ownerAccountId])
  return {
    Bucket: call.bucket.name,
    Key: upload.key,
    UploadId: upload.uploadId,
    Initiator: users.get(upload.initiatorAccountId),
    Owner: users.get(upload.ownerAccountId),
    StorageClass: upload.storageClass ?? 'STANDARD',
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
    PartNumberMarker: input.PartNumberMarker ?? 0,
    NextPartNumberMarker: nextPartNumberMarker,
    MaxParts: maxParts,
    IsTruncated: isTruncated,
    Parts: parts.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: part.lastModified,
      ETag: quoteEtag(part.etag),
      Size: part.sizeBytes,
      ...checksumOutput(part.checksum),
    })),
  }
})
