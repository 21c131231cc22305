/** How a request wants the stored bytes encrypted. */
export type EncryptionRequest = { readonly type: 'SSE-S3' } | ({ readonly type: 'SSE-C' } & CustomerKey)

/** A key that the customer sends with each request and that is never stored. */
export interface CustomerKey {
  /** 32 bytes. */
  readonly key: Uint8Array
  /** Base64 of the key's MD5, checked by the caller. */
  readonly keyMd5: string
}
