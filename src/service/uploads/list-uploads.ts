import { readTextPart, textPart } from '../../base/key.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { uploadKey, uploadPrefix } from '../keyspace.ts'
import {
  checkEscapedDelimiter,
  checkPageSize,
  escapedText,
  commonPrefixOf,
  scanItems,
  startAfterKey,
  startAfterPrefix,
} from '../listing/list-page.ts'
import { uploadCodec } from '../records/upload.ts'
import type { UploadRecord } from '../records/upload.ts'

interface ListUploadsInput {
  readonly prefix?: string
  readonly delimiter?: string
  /** Only uploads of keys after this one; with `uploadIdMarker`, also those of that key with a greater id. */
  readonly keyMarker?: string
  readonly uploadIdMarker?: string
  /** Uploads and common prefixes together, 0 to `PAGE_MAX`; more is taken as that. */
  readonly maxUploads: number
}

interface ListUploadsPage {
  readonly uploads: readonly UploadRecord[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** Present when truncated: where the next page goes on. */
  readonly nextKeyMarker?: string
  /** Absent when the page ended with a common prefix. */
  readonly nextUploadIdMarker?: string
}

/**
 * One page of a bucket's uploads in progress, by key and then by upload id (which tells the order of their beginnings). Throws
 * `InvalidPageSize` and `UnsupportedDelimiter`.
 */
export async function listUploads(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  input: ListUploadsInput,
): Promise<ListUploadsPage> {
  const { bucketId } = admission.bucket.record
  const { delimiter } = input
  const maxUploads = checkPageSize(input.maxUploads, 'maxUploads')
  checkEscapedDelimiter(delimiter)
  const uploads: UploadRecord[] = []
  const commonPrefixes: string[] = []
  if (maxUploads === 0) return { uploads, commonPrefixes, isTruncated: false }

  const bucketPrefix = uploadPrefix(bucketId)
  const prefix = Buffer.concat([bucketPrefix, escapedText(input.prefix ?? '')])
  const limit = maxUploads + 1
  let start = startOf(bucketId, input, prefix)
  let next: { nextKeyMarker?: string; nextUploadIdMarker?: string } = {}
  for (;;) {
    const items = await scanItems(context, { prefix, start, delimiter, limit })
    for (const item of items) {
      const listed = item.type === 'entry' ? uploadCodec.decode(item.entry.value) : null
      // The rows of uploads that are over are still there for a moment; a page may need another read because of them.
      if (listed?.closed) continue
      if (uploads.length + commonPrefixes.length === maxUploads)
        return { uploads, commonPrefixes, isTruncated: true, ...next }
      if (item.type === 'entry' && listed) {
        uploads.push(listed)
        next = { nextKeyMarker: listed.key, nextUploadIdMarker: listed.uploadId }
      } else if (item.type === 'prefix') {
        const { text } = readTextPart(Buffer.concat([item.prefix, textPart('')]), bucketPrefix.length)
        commonPrefixes.push(text)
        next = { nextKeyMarker: text }
      }
    }
    const last = items.at(-1)
    if (!last || items.length < limit) return { uploads, commonPrefixes, isTruncated: false }
    start = last.type === 'entry' ? startAfterKey(last.entry.key) : startAfterPrefix(last.prefix)
  }
}

function startOf(
  bucketId: string,
  { keyMarker, uploadIdMarker, prefix = '', delimiter }: ListUploadsInput,
  prefixKey: Buffer,
): Buffer {
  if (keyMarker === undefined || keyMarker === '') return prefixKey
  const bucketPrefix = uploadPrefix(bucketId)
  const commonPrefix = commonPrefixOf(keyMarker, prefix, delimiter)
  if (commonPrefix !== null) return startAfterPrefix(Buffer.concat([bucketPrefix, escapedText(commonPrefix)]))
  if (uploadIdMarker === undefined || uploadIdMarker === '')
    return startAfterPrefix(Buffer.concat([bucketPrefix, textPart(keyMarker)]))
  return startAfterKey(uploadKey(bucketId, keyMarker, uploadIdMarker))
}
