import { PART_NUMBER_MAX } from '../../model/s3/shapes/upload.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { newSalt, streamKey } from '../encryption/stream-key.ts'
import { openUploadEncryption } from '../encryption/upload-encryption.ts'
import type { UploadEncryptionRequest } from '../encryption/upload-encryption.ts'
import { DomainError } from '../errors/domain-error.ts'
import { partKey } from '../keyspace.ts'
import { BucketChange } from '../commit/bucket-change.ts'
import { commitAdmitted } from '../commit/commit-admitted.ts'
import { releaseOnFailure } from '../commit/new-blobs.ts'
import { uploadTurn } from '../commit/turns.ts'
import type { ObjectBody } from '../bodies/object-body.ts'
import { storeBody } from '../bodies/store-body.ts'
import type { StoredBody } from '../bodies/store-body.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ChecksumAlgorithm } from '../records/object.ts'
import { partCodec, uploadCodec } from '../records/upload.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'
import { readOpenUpload, storedPart } from './upload-rows.ts'
import type { StoredUpload, UploadAddress } from './upload-rows.ts'

export type { UploadAddress } from './upload-rows.ts'

interface UploadPartInput extends UploadAddress, UploadEncryptionRequest {
  /** 1–10,000. */
  readonly partNumber: number
  readonly body: ObjectBody
}

/** The upload as it was begun: its checksum algorithm tells how to read a part's body. Throws `NoSuchUpload`. */
export async function getUpload(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  address: UploadAddress,
): Promise<UploadRecord> {
  return (await readOpenUpload(context, admission.bucket.record, address)).record
}

/**
 * Stores a part; the same number again replaces it. Throws what the body does, `InvalidPartNumber`, `NoSuchUpload`,
 * `PartChecksumTypeDiffers`, `UploadEncryptionDiffers`, `CustomerKeysBlocked`, `BodyTooLarge`, and as commitAdmitted.
 */
export async function uploadPart(
  context: ServiceContext,
  admission: Admission,
  input: UploadPartInput,
): Promise<{ readonly part: PartRecord; readonly upload: UploadRecord }> {
  const { partNumber } = input
  checkPartNumber(partNumber)
  const { record: upload } = await readOpenUpload(context, admission.bucket.record, input)
  const dataKey = openUploadEncryption(context, admission.bucket.record, upload.encryption, input)
  const salt = dataKey ? newSalt() : undefined
  const stored = await storeBody(context, input.body, {
    inlineBytesMax: 0,
    key: dataKey && salt !== undefined ? streamKey(dataKey, salt) : null,
  })
  const newBlobs = stored.blobId === undefined ? [] : [stored.blobId]
  const part = await releaseOnFailure(context, newBlobs, async () => {
    const record = partRecord(upload, stored, { partNumber, salt, lastModified: context.clock.now() })
    const turn = uploadTurn(admission.bucket.record.bucketId, input.uploadId, partNumber)
    await commitAdmitted(context, admission, turn, async (bucket) => {
      const storedUpload = await readOpenUpload(context, bucket, input)
      return { change: await placePart(context, bucket, storedUpload, record), result: undefined }
    })
    return record
  })
  return { part, upload }
}

/** Throws `InvalidPartNumber` unless it is 1–10,000. */
export function checkPartNumber(partNumber: number): void {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > PART_NUMBER_MAX)
    throw new DomainError('InvalidPartNumber', { partNumber, partNumberMax: PART_NUMBER_MAX })
}

/**
 * Throws `PartChecksumTypeDiffers` where a part comes with another checksum than the upload was begun with, or without one though the object's is made of
 * those that the client gives. `given`: undefined when the request has none.
 */
export function checkPartChecksum({ checksum }: UploadRecord, given: ChecksumAlgorithm | undefined): void {
  if (!checksum || given === checksum.algorithm) return
  if (given === undefined && checksum.type === 'FULL_OBJECT') return
  throw new DomainError('PartChecksumTypeDiffers', { expected: checksum.algorithm, given: given ?? null })
}

function partRecord(
  upload: UploadRecord,
  { sizeBytes, digests, blobId }: StoredBody,
  facts: { readonly partNumber: number; readonly lastModified: number; readonly salt: string | undefined },
): PartRecord {
  const { checksum, crc64Nvme, md5Hex } = digests
  if (checksum) checkPartChecksum(upload, checksum.algorithm)
  return {
    partNumber: facts.partNumber,
    lastModified: facts.lastModified,
    sizeBytes,
    etag: md5Hex,
    ...(blobId !== undefined && { blobId }),
    ...(checksum && { checksum: { algorithm: checksum.algorithm, value: checksum.value } }),
    ...(crc64Nvme !== undefined && { crc64Nvme }),
    ...(facts.salt !== undefined && blobId !== undefined && { salt: facts.salt }),
  }
}

async function placePart(
  context: ServiceContext,
  bucket: BucketRecord,
  upload: StoredUpload,
  record: PartRecord,
): Promise<BucketChange> {
  const key = partKey(upload.record.uploadId, record.partNumber)
  const [entry = null] = await context.metadata.getMany([key])
  const earlier = entry && storedPart(entry)
  const change = new BucketChange(bucket.bucketId)
  change.checks.push({ key: upload.storeKey, version: upload.version })
  change.checks.push({ key, version: earlier?.version ?? null })
  const value = partCodec.encode(record)
  change.sets.push({ key, value })
  change.countStored(value)
  if (entry) change.countRemoved(entry.value)
  if (record.blobId !== undefined) change.claimedBlobs.push(record.blobId)
  if (earlier?.record.blobId !== undefined) change.releasedBlobs.push(earlier.record.blobId)
  change.bytesDelta = record.sizeBytes - (earlier?.record.sizeBytes ?? 0)
  change.objectsDelta = earlier ? 0 : 1
  // A completion is reading the parts: it must notice this one.
  if (upload.record.fence !== undefined)
    change.sets.push({ key: upload.storeKey, value: uploadCodec.encode(withoutFence(upload.record)) })
  return change
}

const withoutFence = ({ fence: _removed, ...record }: UploadRecord): UploadRecord => record
