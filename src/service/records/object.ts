import type { BlobId } from '../../storage/blob-store.ts'
import type { AccessControlList } from './bucket.ts'

/** What an object has besides its bytes, as the request that made it said. */
export interface ObjectDescription {
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
  readonly retention?: Retention
  readonly legalHold?: boolean
  /** A key of the bucket set the hold, or an attached resource, and such may lift it; absent: it is the account's. */
  readonly isHeldByKey?: true
}

/**
 * One stored version of an object, or a delete marker. The record's tail holds, depending on `body`:
 * `inline` the bytes themselves; `blob` nothing; `parts` the {@link PartLayout} as JSON, apart from the fields, so that a listing or a
 * HEAD of an object with 10,000 parts does not parse it.
 */
export interface ObjectRecord extends ObjectDescription {
  /** `null` for the version that a bucket without versioning keeps; else an opaque id that tells `order` too. */
  readonly versionId: string
  /** Place among the object's versions, greater is newer: 16 hexadecimal digits. */
  readonly order: string
  readonly isDeleteMarker?: true
  /** Epoch milliseconds. */
  readonly lastModified: number
  /** Account that owns the version. */
  readonly ownerAccountId: string

  /** Size of the object as its readers see it. */
  readonly sizeBytes: number
  /** Unquoted; empty for a delete marker. */
  readonly etag: string
  readonly body: 'inline' | 'blob' | 'parts'
  /** Where the bytes are when `body` is `blob`. */
  readonly blob?: BlobPart
  /** How many parts the multipart upload had; present when `body` is `parts`. */
  readonly partCount?: number
  /** The multipart upload that made the object: completing it again gives the same response. */
  readonly uploadId?: string
  readonly checksum?: ObjectChecksum
  readonly encryption?: ObjectEncryption
}

/** What a listing tells of an object. */
export interface ListedFields extends Pick<
  ObjectRecord,
  'lastModified' | 'ownerAccountId' | 'sizeBytes' | 'etag' | 'storageClass'
> {
  readonly checksum?: Pick<ObjectChecksum, 'algorithm' | 'type'> | undefined
}

/** A blob that holds some of the object's bytes. */
interface BlobPart {
  readonly id: BlobId
  /** Object bytes in it; the blob itself is larger when encrypted. */
  readonly sizeBytes: number
}

/** How an object made of parts lies in blobs: all parts in ascending order of number, one after the other. */
export interface PartLayout {
  readonly parts: readonly ObjectPart[]
}

/** A part of an object: its bytes lie behind those of the parts before it. */
export interface ObjectPart {
  readonly partNumber: number
  readonly sizeBytes: number
  /** Absent for a part without bytes. */
  readonly blobId?: BlobId
  readonly checksum?: string
  /** Base64; present when the part is encrypted: tells its key stream from those of the other parts. */
  readonly salt?: string
}

/** A tag of a version. */
export interface ObjectTag {
  readonly key: string
  readonly value: string
}

/** Until when a version must not be removed, and by whom it may be all the same. */
export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE'
  /** Epoch milliseconds. */
  readonly retainUntil: number
}

/** The checksums that S3 keeps with objects. */
export type ChecksumAlgorithm =
  | 'CRC32'
  | 'CRC32C'
  | 'CRC64NVME'
  | 'SHA1'
  | 'SHA256'
  | 'SHA512'
  | 'MD5'
  | 'XXHASH64'
  | 'XXHASH3'
  | 'XXHASH128'

/** What S3 makes of objects that come without a checksum; always over the whole object. */
export const DEFAULT_CHECKSUM_ALGORITHM = 'CRC64NVME'

/** A checksum of an object, and what it was made over: all bytes, or the checksums of the parts. */
export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
  /** As the wire has it: base64, with `-<parts>` when composite. */
  readonly value: string
}

/** The checksum's value alone, without the number of parts that a composite one has behind it. */
export function withoutPartCount({ type, value }: ObjectChecksum): string {
  return type === 'COMPOSITE' ? value.slice(0, value.lastIndexOf('-')) : value
}

/**
 * How the stored bytes are encrypted. `salt` (base64) belongs to this object alone. `isKeyShared`: the sealed key serves many objects; absent
 * in records of before, whose key is the object's own and bound to its salt.
 */
export type ObjectEncryption =
  | {
      readonly type: 'SSE-S3'
      readonly sealedKey: string
      readonly isKeyShared?: true
      readonly salt: string
    }
  /** The customer's key is never stored; its MD5 (base64) recognises it. */
  | { readonly type: 'SSE-C'; readonly keyMd5: string; readonly salt: string }

/** A stored version with its tail, which is a view of the value it was decoded from. */
export interface DecodedObject {
  readonly record: ObjectRecord
  readonly tail: Buffer
}

/** The part layout in the tail of a record whose `body` is `parts`. */
export const encodePartLayout = (layout: PartLayout): Buffer => Buffer.from(JSON.stringify(layout))
/** Reads what {@link encodePartLayout} wrote. */
export const decodePartLayout = (tail: Buffer): PartLayout => JSON.parse(tail.toString()) as PartLayout
