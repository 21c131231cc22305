import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { partKey, partsRange } from '../keyspace.ts'
import { checkPageSize } from '../listing/list-page.ts'
import { partCodec } from '../records/upload.ts'
import type { PartRecord, UploadRecord } from '../records/upload.ts'
import { readOpenUpload } from './upload-rows.ts'
import type { UploadAddress } from './upload-rows.ts'

interface ListPartsInput extends UploadAddress {
  /** Only parts with a greater number; 0 or more. */
  readonly partNumberMarker?: number
  /** 0 to `PAGE_MAX`; more is taken as that. */
  readonly maxParts: number
}

interface ListPartsPage {
  readonly upload: UploadRecord
  readonly parts: readonly PartRecord[]
  readonly isTruncated: boolean
  /** The last part's number, 0 when there is none. */
  readonly nextPartNumberMarker: number
}

/** One page of an upload's parts. Throws `NoSuchUpload` and `InvalidPageSize`. */
export async function listParts(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  input: ListPartsInput,
): Promise<ListPartsPage> {
  const maxParts = checkPageSize(input.maxParts, 'maxParts')
  const { record: upload } = await readOpenUpload(context, admission.bucket.record, input)
  if (maxParts === 0) return { upload, parts: [], isTruncated: false, nextPartNumberMarker: 0 }
  const { end } = partsRange(upload.uploadId)
  const start = partKey(upload.uploadId, (input.partNumberMarker ?? 0) + 1)
  const entries = await context.metadata.scan({ start, end, limit: maxParts + 1 })
  const parts = entries.slice(0, maxParts).map(({ value }) => partCodec.decode(value))
  return {
    upload,
    parts,
    isTruncated: entries.length > maxParts,
    nextPartNumberMarker: parts.at(-1)?.partNumber ?? 0,
  }
}
