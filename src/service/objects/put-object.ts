import type { Admission } from '../admission.ts'
import { releaseOnFailure } from '../commit/new-blobs.ts'
import type { ServiceContext } from '../context.ts'
import { chooseEncryption } from '../encryption/object-encryption.ts'
import { streamKey } from '../encryption/stream-key.ts'
import type { NewEncryption } from '../encryption/object-encryption.ts'
import { checkWriteConditions, hasWriteConditions } from '../versions/conditions.ts'
import type { WriteConditions } from '../versions/conditions.ts'
import { checkRetentionOfKey, holderOf } from '../locks/bucket-key-locks.ts'
import { checkLockRequest } from '../locks/lock-rules.ts'
import { commitNewVersion } from '../versions/new-version.ts'
import type { VersionContent } from '../versions/new-version.ts'
import type { ObjectAttributes } from '../versions/object-attributes.ts'
import type { ObjectBody } from '../bodies/object-body.ts'
import { checkObjectKey } from '../versions/object-key.ts'
import { readCurrent } from '../versions/object-state.ts'
import { storeBody } from '../bodies/store-body.ts'
import type { StoredBody } from '../bodies/store-body.ts'
import type { WrittenVersion } from '../versions/written-version.ts'

/** An object that is to be stored. */
export interface PutObjectInput extends WriteConditions {
  /** UTF-8, 1–1024 bytes. */
  readonly objectKey: string
  readonly body: ObjectBody
  readonly attributes: ObjectAttributes
}

/**
 * Stores an object: the bytes first, then one commit that makes them visible under the key. Throws what the body does,
 * as checkObjectKey, checkLockRequest, checkRetentionOfKey, checkWriteConditions and commitAdmitted; `BodyTooLarge` (over 5 GiB).
 */
export async function putObject(
  context: ServiceContext,
  admission: Admission,
  input: PutObjectInput,
): Promise<WrittenVersion> {
  const { objectKey, body, attributes } = input
  const bucket = admission.bucket.record
  checkObjectKey(objectKey)
  const nowMs = context.clock.now()
  checkLockRequest(bucket, attributes, nowMs)
  checkRetentionOfKey(admission.principal, bucket, attributes.retention, nowMs)
  // Decided again in the commit; this early response spares a client the upload of a body that is refused afterwards.
  if (hasWriteConditions(input)) checkWriteConditions(input, await readCurrent(context, bucket, objectKey))
  const encryption = chooseEncryption(context, bucket, attributes.encryption)
  const stored = await storeBody(context, body, {
    inlineBytesMax: context.settings.inlineBodyBytesMax,
    key: encryption && streamKey(encryption.dataKey, encryption.encryption.salt),
  })
  const newBlobs = stored.blobId === undefined ? [] : [stored.blobId]
  const version = {
    objectKey,
    conditions: input,
    attributes: { ...attributes, ...holderOf(admission.principal, attributes.legalHold) },
    content: contentOf(stored, encryption),
    newBlobs,
  }
  return await releaseOnFailure(context, newBlobs, () => commitNewVersion(context, admission, version))
}

/** What the record says about a body that was put at once. */
function contentOf(stored: StoredBody, encryption: NewEncryption | null): VersionContent {
  const { sizeBytes, digests, inline, blobId } = stored
  return {
    sizeBytes,
    etag: digests.md5Hex,
    ...(blobId === undefined
      ? { body: 'inline', ...(inline && { tail: inline }) }
      : { body: 'blob', blob: { id: blobId, sizeBytes } }),
    ...(digests.checksum && { checksum: digests.checksum }),
    ...(encryption && { encryption: encryption.encryption }),
  }
}
