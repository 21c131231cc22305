import { ENCRYPTION_ALGORITHM, type ServerSideEncryption } from '../../model/s3/shapes/encryption.ts'
import type { ValueOf } from '../../model/shape.ts'
import type { UploadEncryptionRequest } from '../../service/encryption/upload-encryption.ts'
import { parseCustomerKey, type CustomerKeyInput } from './customer-key.ts'
import { invalidArgument } from './argument-errors.ts'

interface UploadEncryptionInput extends CustomerKeyInput {
  readonly ServerSideEncryption?: ValueOf<typeof ServerSideEncryption> | undefined
}

const HEADER = 'x-amz-server-side-encryption'

/**
 * What the encryption headers of a part or a completion say about their upload; S3 has them in CreateMultipartUpload, some clients repeat
 * them. Throws `InvalidArgument` for any but the server's own keys, and what `parseCustomerKey` throws.
 */
export function uploadEncryption(input: UploadEncryptionInput): UploadEncryptionRequest {
  const customerKey = parseCustomerKey(input)
  const { ServerSideEncryption: method } = input
  if (method !== undefined && (method !== ENCRYPTION_ALGORITHM || customerKey))
    throw invalidArgument(HEADER, method, `${HEADER} header is not supported for this operation.`)
  return { ...(customerKey && { customerKey }), ...(method !== undefined && { isServerSide: true }) }
}
