import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { CustomerKey } from './encryption-request.ts'
import type { ObjectEncryption } from '../records/object.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { openEncryption, refuseBlockedKeys } from './object-encryption.ts'

/** What a request about an upload says of its encryption. */
export interface UploadEncryptionRequest {
  /** Required by a part of an upload that was begun with a customer's key. */
  readonly customerKey?: CustomerKey
  /** The upload is to be one that was begun with the server's keys. */
  readonly isServerSide?: true
}

/**
 * As `openEncryption`, for an upload. Throws `UploadEncryptionDiffers` also where the upload lacks the encryption that the request counts on, and
 * `CustomerKeysBlocked`.
 */
export function openUploadEncryption(
  context: ServiceContext,
  bucket: BucketRecord,
  encryption: ObjectEncryption | undefined,
  { customerKey, isServerSide }: UploadEncryptionRequest,
): Uint8Array | null {
  if (customerKey) refuseBlockedKeys(bucket)
  checkServerSide(encryption, isServerSide)
  return openEncryption(context, encryption, customerKey, 'upload')
}

/** For a request that needs no bytes of the upload, and so no key. Throws as `openEncryption`, and `UploadEncryptionDiffers`. */
export function checkUploadEncryption(
  context: ServiceContext,
  encryption: ObjectEncryption | undefined,
  { customerKey, isServerSide }: UploadEncryptionRequest,
): void {
  checkServerSide(encryption, isServerSide)
  if (customerKey) openEncryption(context, encryption, customerKey, 'upload')
}

function checkServerSide(encryption: ObjectEncryption | undefined, isWanted: true | undefined): void {
  if (isWanted && encryption?.type !== 'SSE-S3') throw new DomainError('UploadEncryptionDiffers')
}
