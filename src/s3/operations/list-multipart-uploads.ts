import { listMultipartUploads as model } from '../../model/s3/list-multipart-uploads.ts'
import { listUploads } from '../../service/uploads/list-uploads.ts'
import { keyEncoder } from '../answer/encode-keys.ts'
import { canonicalUsersOf } from '../accounts.ts'
import { handler } from '../operation-handler.ts'
import { listedKeys, pageEntries } from '../request/listing-page.ts'

/** Lists the uploads in progress, by pages. */
export const listMultipartUploadsHandler = handler(model, async (input, call) => {
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
