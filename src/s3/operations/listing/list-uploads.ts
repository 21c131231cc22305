import { pageEntries } from '../../../model/s3/shapes/listing.ts'
import * as model from '../../../model/s3/listing/list-uploads.ts'
import { listParts } from '../../../service/uploads/list-parts.ts'
import { listUploads } from '../../../service/uploads/list-uploads.ts'
import { canonicalUsersOf } from '../../accounts.ts'
import { checksumOutput } from '../../response/checksum-output.ts'
import { keyEncoder } from '../../response/encode-keys.ts'
import { handler } from '../../operation-handler.ts'
import { quoteEtag } from '../../request/etags.ts'
import { listedKeys } from '../../request/listed-keys.ts'

/** Lists the uploads in progress, by pages. */
export const listMultipartUploadsHandler = handler(model.listMultipartUploads, async (input, call) => {
  const maxUploads = pageEntries(input.MaxUploads)
  const encode = keyEncoder(input.EncodingType)
  const page = await listUploads(call.context, call.admission, {
    maxUploads,
    ...listedKeys(input),
    ...(input.KeyMarker !== undefined && { keyMarker: input.KeyMarker }),
    ...(input.UploadIdMarker !== undefined && { uploadIdMarker: input.UploadIdMarker }),
  })
  const users = await canonicalUsersOf(
    call.context,
    page.uploads.flatMap(({ initiatorAccountId, ownerAccountId }) => [initiatorAccountId, ownerAccountId]),
  )
  return {
    Bucket: call.bucket.name,
    KeyMarker: encode(input.KeyMarker ?? ''),
    UploadIdMarker: input.UploadIdMarker ?? '',
    NextKeyMarker: page.nextKeyMarker === undefined ? undefined : encode(page.nextKeyMarker),
    NextUploadIdMarker: page.nextUploadIdMarker,
    Delimiter: input.Delimiter ? encode(input.Delimiter) : undefined,
    Prefix: encode(input.Prefix ?? ''),
    EncodingType: input.EncodingType,
    MaxUploads: maxUploads,
    IsTruncated: page.isTruncated,
    Uploads: page.uploads.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      Initiator: users.get(upload.initiatorAccountId),
      Owner: users.get(upload.ownerAccountId),
      StorageClass: upload.storageClass ?? 'STANDARD',
      Initiated: upload.initiatedAt,
      ChecksumAlgorithm: upload.checksum?.algorithm,
      ChecksumType: upload.checksum?.type,
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  }
})

/** Lists the parts of an upload, by pages. Throws `NoSuchUpload`. */
export const listPartsHandler = handler(model.listParts, async (input, call) => {
  const maxParts = pageEntries(input.MaxParts)
  const { upload, parts, isTruncated, nextPartNumberMarker } = await listParts(call.context, call.admission, {
    objectKey: call.objectKey,
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
      ...(upload.checksum && checksumOutput(part.checksum)),
    })),
  }
})
