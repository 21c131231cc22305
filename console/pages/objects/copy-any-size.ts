import { aclHeaders } from '../../api/s3/object-acl.ts'
import { headObject, type ObjectFacts } from '../../api/s3/head-object.ts'
import {
  COPY_BYTES_MAX,
  copyObject,
  copySource,
  getTags,
  requireDone,
  type CopyOptions,
  type ObjectAddress,
} from '../../api/s3/objects.ts'
import { sendS3 } from '../../api/s3/request.ts'
import { childText } from '../../api/s3/xml.ts'
import { abortUpload, completeUpload, createUpload, type StoredPart } from '../../api/s3/uploads.ts'
import type { Sender } from '../../api/send.ts'
import { encodeValue } from '../../signing/percent-encoding.ts'

const PART_BYTES = 1024 ** 3

/** Copies an object of any size with its headers, metadata and tags, and within its bucket with its ACL: in parts of 1 GB where CopyObject takes no more. Throws ApiError. */
export async function copyAnySize(
  sender: Sender,
  {
    from,
    to,
    size,
  }: { readonly from: ObjectAddress; readonly to: Omit<ObjectAddress, 'versionId'>; readonly size: number },
  options: Pick<CopyOptions, 'isNew' | 'signal'> = {},
): Promise<void> {
  const { isNew = false, signal } = options
  const acl = to.bucket === from.bucket ? await aclHeaders(sender, from, signal) : {}
  if (size <= COPY_BYTES_MAX) return await copyObject(sender, from, to, { ...options, acl })
  const facts = await headObject(sender, from, signal)
  const headers = { ...(await headersOf(sender, from, facts)), ...acl }
  const uploadId = await createUpload(sender, to, headers, signal)
  try {
    const parts: StoredPart[] = []
    for (let start = 0; start < size; start += PART_BYTES) {
      const end = Math.min(start + PART_BYTES, size)
      const number = parts.length + 1
      const response = await sendS3(sender, {
        method: 'PUT',
        ...to,
        query: { uploadId, partNumber: String(number) },
        headers: {
          'x-amz-copy-source': copySource(from),
          'x-amz-copy-source-if-match': facts.etag,
          'x-amz-copy-source-range': `bytes=${start}-${end - 1}`,
        },
        signal,
      })
      const copied = await requireDone(response)
      parts.push({
        number,
        size: end - start,
        etag: childText(copied, 'ETag') ?? '',
        checksum: childText(copied, 'ChecksumSHA256'),
      })
    }
    await completeUpload(sender, { ...to, uploadId }, { parts, isNew }, signal)
  } catch (error) {
    await abortUpload(sender, { ...to, uploadId }).catch(() => undefined)
    throw error
  }
}

/** What CopyObject copies by itself, and an upload has to be told. */
async function headersOf(
  sender: Sender,
  from: ObjectAddress,
  { headers, metadata }: ObjectFacts,
): Promise<Readonly<Record<string, string>>> {
  const tags = await getTags(sender, from)
  const tagging = tags.map(({ key, value }) => `${encodeValue(key)}=${encodeValue(value)}`).join('&')
  return {
    ...headers,
    ...Object.fromEntries(metadata.map(({ key, value }) => [`x-amz-meta-${key}`, value])),
    ...(tagging !== '' && { 'x-amz-tagging': tagging }),
  }
}
