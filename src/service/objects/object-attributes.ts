import type { ObjectDescription } from '../records/object.ts'

/** What an object will have besides its bytes; without `retention` the bucket's default, if it has one. */
export interface ObjectAttributes extends ObjectDescription {
  /** Absent: the bucket's default encryption, if it has one. */
  readonly encryption?: EncryptionRequest
}

/** How a request wants the stored bytes encrypted. */
export type EncryptionRequest = { readonly type: 'SSE-S3' } | ({ readonly type: 'SSE-C' } & CustomerKey)

/** A key that the customer sends with each request and that is never stored. */
export interface CustomerKey {
  /** 32 bytes. */
  readonly key: Uint8Array
  /** Base64 of the key's MD5, checked by the caller. */
  readonly keyMd5: string
}
