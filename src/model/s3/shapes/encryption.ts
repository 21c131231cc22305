import { enumeration } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { StringValue } from './primitives.ts'

/** Of S3's three, those with keys of the Key Management Service are not here: refused as any unknown value. */
export const ServerSideEncryption = enumeration(['AES256'])

export const serverSideEncryptionHeader = {
  ServerSideEncryption: inHeader('x-amz-server-side-encryption', ServerSideEncryption),
}

/** The customer's key of a request. */
export const customerKeyHeaders = {
  SSECustomerAlgorithm: inHeader('x-amz-server-side-encryption-customer-algorithm', StringValue),
  SSECustomerKey: inHeader('x-amz-server-side-encryption-customer-key', StringValue),
  SSECustomerKeyMD5: inHeader('x-amz-server-side-encryption-customer-key-md5', StringValue),
}

/** How an answer names the customer's key. */
export const customerKeyAnswerHeaders = {
  SSECustomerAlgorithm: inHeader('x-amz-server-side-encryption-customer-algorithm', StringValue),
  SSECustomerKeyMD5: inHeader('x-amz-server-side-encryption-customer-key-md5', StringValue),
}
