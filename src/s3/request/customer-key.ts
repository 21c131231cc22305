import { hash } from 'node:crypto'
import { S3Error } from '../s3-error.ts'
import type { CustomerKey } from '../../service/encryption/encryption-request.ts'
import { invalidArgument } from './argument-errors.ts'

/** The three headers that carry a customer's key, under the names they have in inputs. */
export interface CustomerKeyInput {
  readonly SSECustomerAlgorithm?: string | undefined
  readonly SSECustomerKey?: string | undefined
  readonly SSECustomerKeyMD5?: string | undefined
}

const KEY_BYTES = 32

/**
 * Reads the customer's key of a request; undefined when it has none. Throws `InvalidRequest` where a header is missing,
 * `InvalidEncryptionAlgorithmError`, and `InvalidArgument` where the key is not 32 bytes or its MD5 is another's.
 */
export function parseCustomerKey(input: CustomerKeyInput): CustomerKey | undefined {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: keyText, SSECustomerKeyMD5: keyMd5 } = input
  if (algorithm === undefined && keyText === undefined && keyMd5 === undefined) return undefined
  if (algorithm === undefined)
    throw invalidRequest(
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
    )
  if (algorithm !== 'AES256') throw new S3Error('InvalidEncryptionAlgorithmError')
  if (keyText === undefined)
    throw invalidRequest(
      'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.',
    )
  if (keyMd5 === undefined)
    throw invalidRequest(
      'Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.',
    )
  const key = Buffer.from(keyText, 'base64')
  if (key.length !== KEY_BYTES)
    throw invalidArgument(
      'x-amz-server-side-encryption-customer-key',
      '',
      'The secret key was invalid for the specified algorithm.',
    )
  if (hash('md5', key, 'base64') !== keyMd5)
    throw invalidArgument(
      'x-amz-server-side-encryption-customer-key-MD5',
      '',
      'The calculated MD5 hash of the key did not match the hash that was provided.',
    )
  return { key, keyMd5 }
}

const invalidRequest = (message: string): S3Error => new S3Error('InvalidRequest', message)
