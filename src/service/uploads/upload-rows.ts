import type { Entry, Version } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { partsRange, uploadKey } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { partCodec, uploadCodec } from '../records/upload.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'

/** Names an upload: both must fit. */
export interface UploadAddress {
  readonly objectKey: string
  readonly uploadId: string
}

/** An upload as it was read. */
export interface StoredUpload {
  readonly storeKey: Buffer
  readonly version: Version
  readonly record: UploadRecord
}

/** An uploaded part as it was read. */
export interface StoredPart {
  readonly storeKey: Buffer
  readonly version: Version
  readonly record: PartRecord
}

/** Ids are 32 hexadecimal digits; what is longer than this is none, and no key to look for. */
const UPLOAD_ID_LENGTH_MAX = 64
const PARTS_PER_READ = 1_000

/** The upload's row, also when the upload is over and its parts are still being removed; null when there is none. */
export async function readUpload(
  context: ServiceContext,
  bucket: BucketRecord,
  { objectKey, uploadId }: UploadAddress,
): Promise<StoredUpload | null> {
  if (uploadId.length > UPLOAD_ID_LENGTH_MAX) return null
  const [entry] = await context.metadata.getMany([uploadKey(bucket.bucketId, objectKey, uploadId)])
  return entry ? storedUpload(entry) : null
}

/** The upload's row, while it is in progress. Throws `NoSuchUpload`. */
export async function readOpenUpload(
  context: ServiceContext,
  bucket: BucketRecord,
  address: UploadAddress,
): Promise<StoredUpload> {
  const upload = await readUpload(context, bucket, address)
  if (!upload || upload.record.closed) throw noSuchUpload(address)
  return upload
}

/** All parts of an upload, in ascending order of number: 10,000 at most. */
export async function readAllParts(context: ServiceContext, uploadId: string): Promise<StoredPart[]> {
  const { start, end } = partsRange(uploadId)
  const parts: StoredPart[] = []
  for (let from = start; ;) {
    const entries = await context.metadata.scan({ start: from, end, limit: PARTS_PER_READ })
    parts.push(...entries.map(storedPart))
    const last = entries.at(-1)
    if (!last || entries.length < PARTS_PER_READ) return parts
    from = Buffer.concat([last.key, Buffer.of(0)])
  }
}

/** A `U` row as an upload. */
export const storedUpload = (entry: Entry): StoredUpload => ({
  storeKey: entry.key,
  version: entry.version,
  record: uploadCodec.decode(entry.value),
})

/** A `P` row as a part. */
export const storedPart = (entry: Entry): StoredPart => ({
  storeKey: entry.key,
  version: entry.version,
  record: partCodec.decode(entry.value),
})

/** The error for an upload that is not there, or is over. */
export const noSuchUpload = ({ uploadId }: UploadAddress): DomainError =>
  new DomainError('NoSuchUpload', { uploadId })
