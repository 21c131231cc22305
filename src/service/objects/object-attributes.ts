import type { AccessControlList } from '../records/bucket.ts'
import type { ObjectTag, Retention } from '../records/object.ts'

/** What an object has besides its bytes, as the request that makes it states. */
export interface ObjectAttributes {
  /** Headers that come back as they were given, by their lower-case names (`content-type`, `cache-control`, …). */
  readonly headers: Readonly<Record<string, string>>
  /** `x-amz-meta-*` without the prefix, lower-case names. */
  readonly userMetadata: Readonly<Record<string, string>>
  readonly tags?: readonly ObjectTag[]
  /** Absent: private to the owner. Its owner owns the object. */
  readonly acl?: AccessControlList
  /** Absent: STANDARD. */
  readonly storageClass?: string
  readonly websiteRedirectLocation?: string
  /** Absent: the bucket's default retention, if it has one. */
  readonly retention?: Retention
  readonly legalHold?: boolean
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
