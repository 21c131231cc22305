import { createMultipartUpload as model } from '../../model/s3/create-multipart-upload.ts'
import { ServiceError } from '../../service/errors.ts'
import type { ChecksumAlgorithm } from '../../service/records/object.ts'
import type { UploadChecksum } from '../../service/records/upload.ts'
import { createUpload } from '../../service/uploads/create-upload.ts'
import { encryptionOutput } from '../answer/encryption-output.ts'
import { handler } from '../operation-handler.ts'
import { newObjectAcl } from '../request/acl-headers.ts'
import { givenHeaders } from '../request/given-headers.ts'
import { objectAttributes } from '../request/object-attributes.ts'
import { writeConditions } from '../request/write-conditions.ts'

/**
 * Begins an upload with all that the object will have besides its bytes. Throws `InvalidRequest` for a checksum type that the algorithm
 * does not have.
 */
export const createMultipartUploadHandler = handler(model, async (input, call) => {
  const attributes = objectAttributes(call.context.settings, input, await newObjectAcl(call, input))
  const checksum = uploadChecksum(input.ChecksumAlgorithm, input.ChecksumType)
  const given = givenHeaders(call.headers)
  const upload = await createUpload(call.context, call.admission, {
    key: call.objectKey,
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

/** S3's default for each algorithm: what CRC-64/NVME makes of parts is always the whole object's, what the others make is of the parts. */
function uploadChecksum(
  algorithm: ChecksumAlgorithm | undefined,
  type: UploadChecksum['type'] | undefined,
): UploadChecksum | undefined {
  if (algorithm === undefined) {
    if (type !== undefined)
      throw new ServiceError(
        'InvalidRequest',
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      )
    return undefined
  }
  const chosen = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')
  const isFullPossible = algorithm.startsWith('CRC')
  if (chosen === 'FULL_OBJECT' ? !isFullPossible : algorithm === 'CRC64NVME')
    throw new ServiceError(
      'InvalidRequest',
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  return { algorithm, type: chosen }
}
