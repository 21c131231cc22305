import { keyAfter } from '../../base/key.ts'
import type { ServiceContext } from '../context.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { bucketIndexRange, bucketKey, uploadsRange } from '../keyspace.ts'
import { makePageToken, readPageToken } from '../page-token.ts'
import { bucketCodec } from '../records/bucket.ts'
import { uploadCodec, type UploadRecord } from '../records/upload.ts'
import type { StoredBucket } from '../admission.ts'
import { abortUpload } from './abort-upload.ts'

/** An upload that was ended. */
interface AbortedUpload {
  readonly bucketName: string
  readonly objectKey: string
  readonly uploadId: string
}

interface AbortedPage {
  readonly abortedUploads: readonly AbortedUpload[]
  /** Absent once all buckets were looked at. */
  readonly nextPageToken?: string
}

/** A call looks at so many rows, of buckets and of uploads, and ends so many uploads, before it gives a token to go on with. */
const ROWS_MAX = 5_000
const ABORTED_MAX = 200
const ROWS_PER_READ = 500

/** Where a page ended: behind this place among the account's buckets or, in the bucket there, behind this upload. Both are no names but keys of rows, in hex. */
interface Place {
  readonly bucket: string
  readonly upload?: string
}

/**
 * Ends the uploads in parts that were begun with one of the keys, in all buckets of the account or one of them, a bounded number in each call. Throws
 * `InvalidPageToken`.
 */
export async function abortUploadsOfKeys(
  context: ServiceContext,
  {
    accountId,
    accessKeyIds,
    bucketName,
    pageToken = '',
  }: {
    readonly accountId: string
    readonly accessKeyIds: readonly string[]
    readonly bucketName?: string | undefined
    readonly pageToken?: string | undefined
  },
): Promise<AbortedPage> {
  const list = `uploads of keys\0${accountId}\0${accessKeyIds.join('\0')}`
  const place =
    pageToken === '' ? null : (JSON.parse(readPageToken(context, list, pageToken).toString()) as Place)
  const range = bucketIndexRange(accountId)
  let start: Buffer = place ? placeKey(place.bucket) : range.start
  let upload = place?.upload
  const abortedUploads: AbortedUpload[] = []
  let rowsLeft = ROWS_MAX
  const goOn = (next: Place): AbortedPage => ({
    abortedUploads,
    nextPageToken: makePageToken(context, list, Buffer.from(JSON.stringify(next))),
  })
  for (;;) {
    const [row] = await context.metadata.scan({ start, end: range.end, limit: 1 })
    if (!row) return { abortedUploads }
    const name = row.value.toString()
    const bucket = bucketName === undefined || bucketName === name ? await readBucket(context, name) : null
    while (bucket) {
      const uploads = uploadsRange(bucket.record.bucketId)
      const from = upload === undefined ? uploads.start : placeKey(upload)
      const rows = await context.metadata.scan({ start: from, end: uploads.end, limit: ROWS_PER_READ })
      for (const { value } of rows) {
        const record = uploadCodec.decode(value)
        if (!isBegunWith(record, accessKeyIds)) continue
        if (await tryToAbort(context, bucket, record))
          abortedUploads.push({ bucketName: name, objectKey: record.key, uploadId: record.uploadId })
      }
      rowsLeft -= rows.length
      const last = rows.at(-1)
      if (!last || rows.length < ROWS_PER_READ) break
      upload = keyAfter(last.key).toString('hex')
      if (rowsLeft <= 0 || abortedUploads.length >= ABORTED_MAX)
        return goOn({ bucket: row.key.toString('hex'), upload })
    }
    upload = undefined
    start = keyAfter(row.key)
    rowsLeft--
    if (rowsLeft <= 0 || abortedUploads.length >= ABORTED_MAX) return goOn({ bucket: start.toString('hex') })
  }
}

const placeKey = (hex: string): Buffer => Buffer.from(hex, 'hex')

async function readBucket(context: ServiceContext, name: string): Promise<StoredBucket | null> {
  const [entry] = await context.metadata.getMany([bucketKey(name)])
  return entry ? { record: bucketCodec.decode(entry.value), version: entry.version } : null
}

const isBegunWith = ({ initiatorAccessKeyId, closed }: UploadRecord, ids: readonly string[]): boolean =>
  closed === undefined && initiatorAccessKeyId !== undefined && ids.includes(initiatorAccessKeyId)

/** False when others completed or ended it, or its bucket went, meanwhile. */
async function tryToAbort(
  context: ServiceContext,
  bucket: StoredBucket,
  { key: objectKey, uploadId }: UploadRecord,
): Promise<boolean> {
  const { accountId } = bucket.record
  // The owner of the bucket asks; the key that began the upload has no say.
  const principal = { type: 'account', accountId, accessKeyId: '' } as const
  try {
    await abortUpload(context, { principal, credential: null, bucket }, { objectKey, uploadId })
    return true
  } catch (error) {
    if (isDomainError(error, 'NoSuchUpload') || isDomainError(error, 'NoSuchBucket')) return false
    throw error
  }
}
