import { rightsOf } from '../../../model/s3/right.ts'
import * as model from '../../../model/s3/upload/upload-part.ts'
import { parseCopySourceRange } from '../../../protocol/range.ts'
import { isLockedFromBeginning } from '../../../service/locks/lock-rules.ts'
import { DEFAULT_CHECKSUM_ALGORITHM } from '../../../service/records/object.ts'
import { uploadPartCopy } from '../../../service/uploads/upload-part-copy.ts'
import { checkPartChecksum, getUpload, uploadPart } from '../../../service/uploads/upload-part.ts'
import type { ByteRange } from '../../../storage/blob-store.ts'
import { checksumOutput } from '../../response/checksum-output.ts'
import { encryptionOutput } from '../../response/encryption-output.ts'
import { digestCopy } from '../../body/digest-copy.ts'
import { permittedCopySource } from '../../copy-source.ts'
import { handler } from '../../operation-handler.ts'
import { invalidArgument } from '../../request/argument-errors.ts'
import { quoteEtag } from '../../request/etags.ts'
import { uploadEncryption } from '../../request/upload-encryption.ts'

/** Stores a part; the same number again replaces it. Throws what `RequestBody.openObject` and `uploadPart` throw. */
export const uploadPartHandler = handler(model.uploadPart, async (input, call) => {
  const address = { objectKey: call.objectKey, uploadId: input.UploadId }
  const encryption = uploadEncryption(input)
  const begun = await getUpload(call.context, call.admission, address)
  if (isLockedFromBeginning(call.bucket, begun)) call.body.requireDigest('Put Part')
  const wanted = begun.checksum ?? { algorithm: DEFAULT_CHECKSUM_ALGORITHM, isBeside: true }
  const body = await call.body.openObject(wanted, (promises) =>
    checkPartChecksum(begun, promises.checksum?.algorithm),
  )
  const { part, upload } = await uploadPart(call.context, call.admission, {
    ...address,
    partNumber: input.PartNumber,
    body,
    ...encryption,
  })
  call.exchange.facts.objectSizeBytes = part.sizeBytes
  return {
    ETag: quoteEtag(part.etag),
    ...checksumOutput(part.checksum),
    ...encryptionOutput(upload.encryption),
  }
})

const rights = rightsOf(model.uploadPartCopy)

/** Stores bytes of an object as a part. Throws what `permittedCopySource` and `uploadPartCopy` throw. */
export const uploadPartCopyHandler = handler(model.uploadPartCopy, async (input, call) => {
  const { source } = await permittedCopySource(call, rights, input)
  const address = { objectKey: call.objectKey, uploadId: input.UploadId }
  const begun = await getUpload(call.context, call.admission, address)
  const range = copyRange(input.CopySourceRange)
  const encryption = uploadEncryption(input)
  const { part, upload, sourceVersionId } = await uploadPartCopy(call.context, call.admission, {
    ...address,
    partNumber: input.PartNumber,
    source,
    ...(range && { range }),
    ...encryption,
    digest: digestCopy(begun.checksum?.algorithm ?? DEFAULT_CHECKSUM_ALGORITHM),
  })
  return {
    CopySourceVersionId: sourceVersionId,
    ...encryptionOutput(upload.encryption),
    CopyPartResult: {
      ETag: quoteEtag(part.etag),
      LastModified: part.lastModified,
      ...(begun.checksum && checksumOutput(part.checksum)),
    },
  }
})

/** `bytes=first-last`: unlike Range, both ends must be there. */
function copyRange(text: string | undefined): ByteRange | undefined {
  if (text === undefined) return undefined
  const range = parseCopySourceRange(text)
  if (range === null)
    throw invalidArgument(
      'x-amz-copy-source-range',
      text,
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    )
  return range
}
