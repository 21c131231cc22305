import type { BlobId } from '../../storage/blob-store.ts'
import { recordCodec } from './codec.ts'
import type { ChecksumAlgorithm, ObjectDescription, ObjectEncryption } from './object.ts'

/** A multipart upload in progress: what the object will have besides its bytes. */
export interface UploadRecord extends ObjectDescription {
  readonly uploadId: string
  readonly key: string
  /** Epoch milliseconds. */
  readonly initiatedAt: number
  /**
   * Account that began the upload, and the access key it used, also by temporary credentials that were had with it; the key is absent for an anonymous
   * request.
   */
  readonly initiatorAccountId: string
  readonly initiatorAccessKeyId?: string
  readonly ownerAccountId: string
  readonly encryption?: ObjectEncryption
  /** The headers of the request that gave ACL, tags and locks, by lower-case name: its completion is decided on by them, too. */
  readonly givenHeaders?: Readonly<Record<string, string>>
  readonly checksum?: UploadChecksum

  /**
   * Set by a completion before it reads the parts, under a token of its own. A part that is stored while it is set removes it in the same
   * commit, and so makes that completion read the parts again: none is overlooked, though they are too many to check one by one.
   */
  readonly fence?: string
  /**
   * The upload is over, completed or aborted, and no longer visible; its part records are being removed. The blobs of the parts
   * in `keptPartNumbers` belong to the object now.
   */
  readonly closed?: { readonly keptPartNumbers: readonly number[] }
}

const UPLOAD_FORMAT = 1

/** What the upload was begun with: the algorithm of the parts' checksums, and how they make up the object's. */
export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
}

/** A checksum of a part's bytes, in base64. */
export interface PartChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value: string
}

/** One uploaded part. */
export interface PartRecord {
  readonly partNumber: number
  /** Epoch milliseconds. */
  readonly lastModified: number
  readonly sizeBytes: number
  /** Unquoted. */
  readonly etag: string
  /** Absent for a part without bytes. */
  readonly blobId?: BlobId
  readonly checksum?: PartChecksum
  /** Base64; beside another checksum, in an upload that was begun without an algorithm and gets the default one. */
  readonly crc64Nvme?: string
  /** Base64; present when the upload is encrypted. */
  readonly salt?: string
}

const PART_FORMAT = 1

/** The stored form of an upload. */
export const uploadCodec = recordCodec<UploadRecord>('upload', UPLOAD_FORMAT)
/** The stored form of a part. */
export const partCodec = recordCodec<PartRecord>('part', PART_FORMAT)
