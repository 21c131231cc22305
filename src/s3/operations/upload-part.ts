import { uploadPart as model } from '../../model/s3/upload-part.ts'
import { DEFAULT_CHECKSUM_ALGORITHM } from '../../service/records/object.ts'
import { checkPartChecksum, getUpload, uploadPart } from '../../service/uploads/upload-part.ts'
import { checksumOutput } from '../answer/checksum-output.ts'
import { encryptionOutput } from '../answer/encryption-output.ts'
import { handler } from '../operation-handler.ts'
import { quoteEtag } from '../request/etags.ts'
import { uploadEncryption } from '../request/upload-encryption.ts'

/** Stores a part; the same number again replaces it. Throws what `RequestBody.openObject` and `uploadPart` throw. */
export const uploadPartHandler = handler(model, async (input, call) => {
  const address = { key: call.objectKey, uploadId: input.UploadId }
  const encryption = uploadEncryption(input)
  const begun = await getUpload(call.context, call.admission, address)
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
