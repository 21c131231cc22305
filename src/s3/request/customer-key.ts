import { hash } from 'node:crypto'
import { ENCRYPTION_ALGORITHM } from '../../model/s3/shapes/encryption.ts'
import { S3Error } from '../s3-error.ts'
import { ENCRYPTION_KEY_BYTES, type CustomerKey } from '../../service/encryption/encryption-request.ts'

/** The three headers that carry a customer's key, under the names they have in inputs. */
export interface CustomerKeyInput {
  readonly SSECustomerAlgorithm?: string | undefined
  readonly SSECustomerKey?: string | undefined
  readonly SSECustomerKeyMD5?: string | undefined
}

/**
 * Reads the customer's key of a request; undefined when it has none. Throws `InvalidEncryptionAlgorithmError`, and `InvalidArgument` where a
 * header is missing, the key is not 32 bytes or its MD5 is another's.
 */
export function parseCustomerKey(input: CustomerKeyInput): CustomerKey | undefined {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: keyText, SSECustomerKeyMD5: keyMd5 } = input
  if (algorithm === undefined && keyText === undefined && keyMd5 === undefined) return undefined
  if (algorithm === undefined)
    throw notAKey(
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
    )
  if (algorithm !== ENCRYPTION_ALGORITHM) throw new S3Error('InvalidEncryptionAlgorithmError')
  if (keyText === undefined)
    throw notAKey(
      'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.',
    )
  if (keyMd5 === undefined)
    throw notAKey(
      'Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.',
    )
  const key = Buffer.from(keyText, 'base64')
  if (key.length !== ENCRYPTION_KEY_BYTES)
    throw notAKey('The secret key was invalid for the specified algorithm.')
  if (hash('md5', key, 'base64') !== keyMd5)
    throw notAKey('The calculated MD5 hash of the key did not match the hash that was provided.')
  return { key, keyMd5 }
}

/** S3 names one header for all three, and repeats nothing of a key. */
const notAKey = (message: string): S3Error =>
  new S3Error('InvalidArgument', message, { details: { argumentName: 'x-amz-server-side-encryption' } })
