import { randomBytes } from 'node:crypto'
import { objectOwnerAccountId } from '../authorization/object-owner.ts'
import { refuseNewObjectAcl } from '../authorization/refused-acls.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { chooseEncryption } from '../encryption/object-encryption.ts'
import { uploadKey } from '../keyspace.ts'
import { BucketChange } from '../commit/bucket-change.ts'
import { commitAdmitted } from '../commit/commit-admitted.ts'
import { uploadTurn } from '../commit/turns.ts'
import { checkWriteConditions, hasWriteConditions } from '../versions/conditions.ts'
import type { WriteConditions } from '../versions/conditions.ts'
import { checkRetentionOfKey, holderOf } from '../locks/bucket-key-locks.ts'
import { checkLockRequest } from '../locks/lock-rules.ts'
import type { ObjectAttributes } from '../versions/object-attributes.ts'
import { checkObjectKey } from '../versions/object-key.ts'
import { readCurrent } from '../versions/object-state.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { uploadCodec } from '../records/upload.ts'
import type { UploadChecksum, UploadRecord } from '../records/upload.ts'
import { requireSigned } from './require-signed.ts'

/** What an upload is begun with. */
export interface CreateUploadInput extends WriteConditions {
  readonly objectKey: string
  readonly attributes: ObjectAttributes
  readonly givenHeaders?: UploadRecord['givenHeaders']
  /** As uploadChecksum makes it. Absent: parts may come with or without checksums, and the object has none. */
  readonly checksum?: UploadChecksum
}

/**
 * Begins a multipart upload. Its conditions are about the object that is there now; CompleteMultipartUpload has its own. Throws
 * `AnonymousUpload`, as checkObjectKey, checkWriteConditions, checkLockRequest and commitAdmitted.
 */
export async function createUpload(
  context: ServiceContext,
  admission: Admission,
  input: CreateUploadInput,
): Promise<UploadRecord> {
  requireSigned(admission.principal, 'beginning')
  checkObjectKey(input.objectKey)
  if (hasWriteConditions(input))
    checkWriteConditions(input, await readCurrent(context, admission.bucket.record, input.objectKey))
  const initiatedAt = context.clock.now()
  const uploadId = newUploadId(initiatedAt)
  const turn = uploadTurn(admission.bucket.record.bucketId, uploadId)
  return await commitAdmitted(context, admission, turn, async (bucket) => {
    const record = uploadRecord(context, admission, { bucket, input, uploadId, initiatedAt })
    const change = new BucketChange(bucket.bucketId)
    change.sets.push({
      key: uploadKey(bucket.bucketId, input.objectKey, uploadId),
      value: uploadCodec.encode(record),
    })
    return { change, result: record }
  })
}

function uploadRecord(
  context: ServiceContext,
  admission: Admission,
  from: {
    readonly bucket: BucketRecord
    readonly input: CreateUploadInput
    readonly uploadId: string
    readonly initiatedAt: number
  },
): UploadRecord {
  const { bucket, input, uploadId, initiatedAt } = from
  const { encryption: wanted, retention, legalHold, ...attributes } = input.attributes
  const { principal, credential } = admission
  // Of temporary credentials the key that they were had with: it is the one that is revoked.
  const initiatorAccessKeyId =
    credential?.session?.parentKeyId ?? (principal.type === 'anonymous' ? undefined : principal.accessKeyId)
  const encryption = chooseEncryption(context, bucket, wanted)
  const asked = { ...(retention && { retention }), ...(legalHold !== undefined && { legalHold }) }
  refuseNewObjectAcl(bucket, attributes.acl)
  checkLockRequest(bucket, asked, initiatedAt)
  checkRetentionOfKey(principal, bucket, retention, initiatedAt)
  return {
    uploadId,
    key: input.objectKey,
    initiatedAt,
    initiatorAccountId: principal.type === 'anonymous' ? bucket.accountId : principal.accountId,
    ...(initiatorAccessKeyId !== undefined && { initiatorAccessKeyId }),
    ownerAccountId: attributes.acl?.ownerAccountId ?? objectOwnerAccountId(principal, bucket),
    ...attributes,
    ...asked,
    ...holderOf(principal, legalHold),
    ...(encryption && { encryption: encryption.encryption }),
    ...(input.givenHeaders && { givenHeaders: input.givenHeaders }),
    ...(input.checksum && { checksum: input.checksum }),
  }
}

/** The time, so that the uploads of a key are listed in the order of their beginnings, then randomness. */
const newUploadId = (nowMs: number) => nowMs.toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
