import { randomBytes } from 'node:crypto'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { checkUploadEncryption } from '../encryption/upload-encryption.ts'
import type { UploadEncryptionRequest } from '../encryption/upload-encryption.ts'
import { StaleRead } from '../commit/attempt.ts'
import { commitAdmitted } from '../commit/commit-admitted.ts'
import { storeChange } from '../commit/store-change.ts'
import { objectTurn } from '../commit/turns.ts'
import type { WriteConditions } from '../versions/conditions.ts'
import { retentionOfCompletion } from '../locks/bucket-key-locks.ts'
import { placeNewVersion } from '../versions/new-version.ts'
import { ObjectChange } from '../versions/object-change.ts'
import { readCurrent, readObjectState } from '../versions/object-state.ts'
import type { WrittenVersion } from '../versions/written-version.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectChecksum } from '../records/object.ts'
import { uploadCodec } from '../records/upload.ts'
import type { PartChecksum } from '../records/upload.ts'
import { assembleParts, listedParts } from './assemble-parts.ts'
import type { CombineChecksums, CompletedPart } from './assemble-parts.ts'
import { closeUpload, tryFinishClosedUpload } from './closed-upload.ts'
import { noSuchUpload, readAllParts, readUpload } from './upload-rows.ts'
import type { StoredUpload, UploadAddress } from './upload-rows.ts'

export type { CombineChecksums } from './assemble-parts.ts'

/** Which upload is to become an object, out of which parts, and what must hold. */
export interface CompleteUploadInput extends UploadAddress, WriteConditions, UploadEncryptionRequest {
  /** 1–10,000 parts in ascending order of number, each once. */
  readonly parts: readonly CompletedPart[]
  /** The checksum that the client expects of the object; a composite one with the number of parts or without. */
  readonly expectedChecksum?: PartChecksum
  readonly expectedChecksumType?: ObjectChecksum['type']
  /** The size that the client expects of the object. */
  readonly expectedSizeBytes?: number
  readonly combineChecksums: CombineChecksums
}

/**
 * Makes the object out of its parts, atomically; their blobs become the object's. Completing again an upload whose object is still current
 * gives the same response. Throws as listedParts, assembleParts, checkWriteConditions and commitAdmitted; `NoSuchUpload`,
 * `UploadEncryptionDiffers`.
 */
export async function completeUpload(
  context: ServiceContext,
  admission: Admission,
  input: CompleteUploadInput,
): Promise<WrittenVersion> {
  const wanted = listedParts(input.parts)
  const { bucketId } = admission.bucket.record
  const turn = objectTurn(bucketId, input.objectKey)
  const completed = await commitAdmitted<Completed>(context, admission, turn, async (bucket) => {
    const upload = await readUpload(context, bucket, input)
    if (!upload || upload.record.closed)
      return {
        change: null,
        result: { written: await readCompleted(context, bucket, input), closedKey: null },
      }

    checkUploadEncryption(context, upload.record.encryption, input)
    const fenced = await fenceUpload(context, bucket, upload)
    const parts = await readAllParts(context, input.uploadId)
    const content = assembleParts(context, { upload: fenced.record, parts, wanted, input })
    const state = await readObjectState(context, bucket, input.objectKey)
    const nowMs = context.clock.now()
    const change = new ObjectChange(bucket, nowMs)
    const { record } = fenced
    const retention = retentionOfCompletion(admission.principal, bucket, record.retention, nowMs)
    const version = {
      objectKey: input.objectKey,
      conditions: input,
      attributes: { ...record, ...(retention && { retention }) },
      ownerAccountId: record.ownerAccountId,
      content,
      newBlobs: [],
    }
    const written = placeNewVersion(context, admission, { bucket, state, change, version })
    closeUpload(change, fenced, [...wanted.keys()])
    return { change, result: { written, closedKey: fenced.storeKey } }
  })
  const { written, closedKey } = completed
  if (closedKey) await tryFinishClosedUpload(context, bucketId, closedKey)
  return written
}

interface Completed {
  readonly written: WrittenVersion
  /** The row of the upload that was closed, if this request did it. */
  readonly closedKey: Buffer | null
}

/** The object that this upload made, when it is still the current one. Throws `NoSuchUpload`. */
async function readCompleted(
  context: ServiceContext,
  bucket: BucketRecord,
  address: UploadAddress,
): Promise<WrittenVersion> {
  const record = await readCurrent(context, bucket, address.objectKey)
  if (record?.uploadId !== address.uploadId) throw noSuchUpload(address)
  return { record, ...(bucket.versioning === 'Enabled' && { versionId: record.versionId }) }
}

/**
 * Marks the upload, so that a part which is stored from now on changes its row, and the commit that checks the row cannot overlook it.
 * Throws StaleRead when the row changed meanwhile.
 */
async function fenceUpload(
  context: ServiceContext,
  bucket: BucketRecord,
  upload: StoredUpload,
): Promise<StoredUpload> {
  const fence = randomBytes(8).toString('hex')
  const outcome = await storeChange(context, {
    checks: [{ key: upload.storeKey, version: upload.version }],
    sets: [{ key: upload.storeKey, value: uploadCodec.encode({ ...upload.record, fence }) }],
  })
  if (outcome !== 'ok') throw new StaleRead()
  const { key: objectKey, uploadId } = upload.record
  const fenced = await readUpload(context, bucket, { objectKey, uploadId })
  if (fenced?.record.fence !== fence) throw new StaleRead()
  return fenced
}
