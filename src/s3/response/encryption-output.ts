import type { ObjectEncryption } from '../../service/records/object.ts'

/** How a response tells that the bytes are encrypted; nothing when they are not. */
export function encryptionOutput(encryption: ObjectEncryption | undefined): {
  ServerSideEncryption?: 'AES256'
  SSECustomerAlgorithm?: string
  SSECustomerKeyMD5?: string
} {
  if (!encryption) return {}
  return encryption.type === 'SSE-S3'
    ? { ServerSideEncryption: 'AES256' }
    : { SSECustomerAlgorithm: 'AES256', SSECustomerKeyMD5: encryption.keyMd5 }
}
