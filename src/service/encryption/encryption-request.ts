import { DomainError } from '../errors/domain-error.ts'

/** How a request wants the stored bytes encrypted. */
export type EncryptionRequest = { readonly type: 'SSE-S3' } | ({ readonly type: 'SSE-C' } & CustomerKey)

/** What AES-256 takes: of a key that the server makes for objects, and of one that a customer sends. */
export const ENCRYPTION_KEY_BYTES = 32

/** A key that the customer sends with each request and that is never stored. */
export interface CustomerKey {
  /** {@link ENCRYPTION_KEY_BYTES} of them. */
  readonly key: Uint8Array
  /** Base64 of the key's MD5, checked by the caller. */
  readonly keyMd5: string
}

/**
 * How a request wants a new object encrypted that names a customer's key, a `method` of the server's, or neither. Throws `TwoEncryptions` for both:
 * the bytes are under one key.
 */
export function encryptionRequest(
  customerKey: CustomerKey | undefined,
  method: string | undefined,
): EncryptionRequest | undefined {
  if (customerKey && method !== undefined) throw new DomainError('TwoEncryptions', { method })
  if (customerKey) return { type: 'SSE-C', ...customerKey }
  return method === undefined ? undefined : { type: 'SSE-S3' }
}
