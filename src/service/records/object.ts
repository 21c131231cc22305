import type { BlobId } from '../../storage/blob-store.ts'
import type { AccessControlList } from './bucket.ts'

/** One stored version of an object, or a delete marker. Small bodies are the record's tail. */
export interface ObjectRecord {
  /** `null` for the version that a bucket without versioning keeps; else an opaque id that tells `order` too. */
  readonly versionId: string
  /** Place among the object's versions, greater is newer: 16 hexadecimal digits. */
  readonly order: string
  readonly isDeleteMarker?: true
  /** Epoch milliseconds. */
  readonly lastModified: number
  /** Account that owns the version. */
  readonly ownerAccountId: string

  readonly sizeBytes: number
  /** Unquoted. */
  readonly etag: string
  /** Where the bytes are, in order; absent: the record's tail. */
  readonly blobs?: readonly { readonly id: BlobId; readonly sizeBytes: number }[]
  /** Headers that come back as they were given, by their lower-case names (`content-type`, `cache-control`, …). */
  readonly headers: Readonly<Record<string, string>>
  /** `x-amz-meta-*` without the prefix, lower-case names. */
  readonly userMetadata: Readonly<Record<string, string>>
  readonly tags?: readonly { readonly key: string; readonly value: string }[]
  readonly acl?: AccessControlList
  readonly checksum?: ObjectChecksum
  /** Present for objects made by a multipart upload. */
  readonly parts?: readonly ObjectPart[]
  readonly storageClass?: string
  readonly encryption?: ObjectEncryption
  readonly retention?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly retainUntil: number }
  readonly legalHold?: boolean
  readonly websiteRedirectLocation?: string
}

export const OBJECT_FORMAT = 1

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256'

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
  /** As the wire has it: base64, with `-<parts>` when composite. */
  readonly value: string
}

export interface ObjectPart {
  readonly partNumber: number
  readonly sizeBytes: number
  /** How many of the object's blobs this part is made of. */
  readonly blobCount: number
  readonly checksum?: string
}

export type ObjectEncryption =
  | { readonly type: 'SSE-S3'; readonly sealedKey: string }
  /** The customer's key is never stored; its MD5 (base64) recognises it. */
  | { readonly type: 'SSE-C'; readonly keyMd5: string; readonly salt: string }
