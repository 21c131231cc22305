import { enumeration } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { StringValue } from './primitives.ts'

/** What is offered: the server's own keys and a customer's both encrypt by it. */
export const ENCRYPTION_ALGORITHM = 'AES256'

/** All that S3 knows. There is no Key Management Service here, so a request for its keys is refused, once nothing else is wrong with it. */
export const ServerSideEncryption = enumeration([ENCRYPTION_ALGORITHM, 'aws:kms', 'aws:kms:dsse', 'aws:fsx'])

/** The header that asks for, or tells of, encryption with the server's keys. */
export const serverSideEncryptionHeader = {
  ServerSideEncryption: inHeader('x-amz-server-side-encryption', ServerSideEncryption),
}

/** The customer's key of a request. */
export const customerKeyHeaders = {
  SSECustomerAlgorithm: inHeader('x-amz-server-side-encryption-customer-algorithm', StringValue),
  SSECustomerKey: inHeader('x-amz-server-side-encryption-customer-key', StringValue),
  SSECustomerKeyMD5: inHeader('x-amz-server-side-encryption-customer-key-md5', StringValue),
}

/** How a response names the customer's key. */
export const customerKeyResponseHeaders = {
  SSECustomerAlgorithm: inHeader('x-amz-server-side-encryption-customer-algorithm', StringValue),
  SSECustomerKeyMD5: inHeader('x-amz-server-side-encryption-customer-key-md5', StringValue),
}
