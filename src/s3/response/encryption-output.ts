import { ENCRYPTION_ALGORITHM } from '../../model/s3/shapes/encryption.ts'
import type { ObjectEncryption } from '../../service/records/object.ts'

/** How a response tells that the bytes are encrypted; nothing when they are not. */
export function encryptionOutput(encryption: ObjectEncryption | undefined): {
  ServerSideEncryption?: typeof ENCRYPTION_ALGORITHM
  SSECustomerAlgorithm?: string
  SSECustomerKeyMD5?: string
} {
  if (!encryption) return {}
  return encryption.type === 'SSE-S3'
    ? { ServerSideEncryption: ENCRYPTION_ALGORITHM }
    : { SSECustomerAlgorithm: ENCRYPTION_ALGORITHM, SSECustomerKeyMD5: encryption.keyMd5 }
}
