import type { Sender } from '../send.ts'
import { keyOf, type BucketAddress } from './list-objects.ts'
import { requireDone, type ObjectAddress } from './objects.ts'
import { sendS3, sendS3ForXml } from './request.ts'
import { childrenOf, childText, textOf, writeXml } from './xml.ts'

/** An upload that was begun and is not completed. */
export interface UnfinishedUpload {
  readonly key: string
  readonly uploadId: string
  /** Epoch milliseconds. */
  readonly startedAt: number
}

/** A part that the server has. */
export interface StoredPart {
  readonly number: number
  readonly size: number
  readonly etag: string
  /** SHA-256 in base64; null where it was uploaded without. */
  readonly checksum: string | null
}

type Upload = Omit<ObjectAddress, 'versionId'> & { readonly uploadId: string }

const PAGES_MAX = 20

/** The uploads of a bucket that are not completed, of keys that begin with the prefix: 20,000 at most (ListMultipartUploads). Throws ApiError. */
export async function listUploads(
  sender: Sender,
  { bucket, region }: BucketAddress,
  prefix: string,
  signal?: AbortSignal,
): Promise<readonly UnfinishedUpload[]> {
  const uploads: UnfinishedUpload[] = []
  let marker: Readonly<Record<string, string>> = {}
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = { uploads: '', 'encoding-type': 'url', ...(prefix !== '' && { prefix }), ...marker }
    const document = await sendS3ForXml(sender, { method: 'GET', bucket, region, query, signal })
    for (const upload of childrenOf(document, 'Upload'))
      uploads.push({
        key: keyOf(upload, 'Key'),
        uploadId: childText(upload, 'UploadId') ?? '',
        startedAt: Date.parse(childText(upload, 'Initiated') ?? ''),
      })
    if (childText(document, 'IsTruncated') !== 'true') break
    marker = {
      'key-marker': keyOf(document, 'NextKeyMarker'),
      'upload-id-marker': childText(document, 'NextUploadIdMarker') ?? '',
    }
  }
  return uploads
}

/** The parts of an upload that the server has, by number (ListParts). Throws ApiError. */
export async function listParts(
  sender: Sender,
  { uploadId, ...address }: Upload,
  signal?: AbortSignal,
): Promise<readonly StoredPart[]> {
  const parts: StoredPart[] = []
  let marker = '0'
  for (;;) {
    const query = { uploadId, 'part-number-marker': marker }
    const document = await sendS3ForXml(sender, { method: 'GET', ...address, query, signal })
    for (const part of childrenOf(document, 'Part'))
      parts.push({
        number: Number(childText(part, 'PartNumber')),
        size: Number(childText(part, 'Size')),
        etag: childText(part, 'ETag') ?? '',
        checksum: childText(part, 'ChecksumSHA256'),
      })
    const next = childText(document, 'NextPartNumberMarker')
    if (childText(document, 'IsTruncated') !== 'true' || next === null) return parts
    marker = next
  }
}

/** Begins an upload whose parts are checked by SHA-256 (CreateMultipartUpload); gives its id. Throws ApiError. */
export async function createUpload(
  sender: Sender,
  address: Omit<ObjectAddress, 'versionId'>,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<string> {
  const document = await sendS3ForXml(sender, {
    method: 'POST',
    ...address,
    query: { uploads: '' },
    headers: { ...headers, 'x-amz-checksum-algorithm': 'SHA256' },
    signal,
  })
  return textOf(document, 'UploadId') ?? ''
}

/** Stores a part (UploadPart). Throws ApiError. */
export async function uploadPart(
  sender: Sender,
  { uploadId, ...address }: Upload,
  { number, bytes, checksum }: { readonly number: number; readonly bytes: Blob; readonly checksum: string },
  signal?: AbortSignal,
): Promise<StoredPart> {
  const response = await sendS3(sender, {
    method: 'PUT',
    ...address,
    query: { uploadId, partNumber: String(number) },
    headers: { 'x-amz-checksum-sha256': checksum },
    body: bytes,
    signal,
  })
  return { number, size: bytes.size, etag: response.headers.get('etag') ?? '', checksum }
}

/** Makes the object of the parts (CompleteMultipartUpload). Throws ApiError: `PreconditionFailed` when it has to be new and is not. */
export async function completeUpload(
  sender: Sender,
  { uploadId, ...address }: Upload,
  { parts, isNew }: { readonly parts: readonly StoredPart[]; readonly isNew: boolean },
  signal?: AbortSignal,
): Promise<void> {
  const body = writeXml('CompleteMultipartUpload', {
    Part: parts.map(({ number, etag, checksum }) => ({
      ETag: etag,
      ChecksumSHA256: checksum ?? undefined,
      PartNumber: number,
    })),
  })
  const response = await sendS3(sender, {
    method: 'POST',
    ...address,
    query: { uploadId },
    headers: { 'content-type': 'application/xml', ...(isNew && { 'if-none-match': '*' }) },
    body,
    // The server answers the same again to who has completed it (docs/decisions/multipart-completion.md).
    isIdempotent: true,
    signal,
  })
  await requireDone(response)
}

/** Gives an upload up, and its parts away (AbortMultipartUpload). Throws ApiError. */
export async function abortUpload(sender: Sender, { uploadId, ...address }: Upload): Promise<void> {
  await sendS3(sender, { method: 'DELETE', ...address, query: { uploadId } })
}
