import { BLOB_ID_LENGTH_MAX, type BlobId, type ByteRange, type GetBlobOptions } from './blob-store.ts'

/** Throws RangeError unless `id` is a blob id. Every engine calls it first: ids become file names and URLs. */
export function assertBlobId(id: BlobId): void {
  if (id.length < 1 || id.length > BLOB_ID_LENGTH_MAX)
    throw new RangeError(`blob id must be 1–${BLOB_ID_LENGTH_MAX} characters, got ${id.length}`)
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at)
    const isAllowed =
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x2d ||
      (code === 0x2e && at > 0)
    if (!isAllowed)
      throw new RangeError(`blob id must be made of a-z, 0-9, - and . (not first), got ${JSON.stringify(id)}`)
  }
}

/** Whether a name that was found where blobs lie is that of a blob. */
export function isBlobId(name: string): boolean {
  return name.length <= BLOB_ID_LENGTH_MAX && /^[a-z0-9-][a-z0-9.-]*$/.test(name)
}

/** Throws RangeError unless the range lies inside a blob of `sizeBytes`. */
export function assertByteRange(id: BlobId, range: ByteRange, sizeBytes: number): void {
  if (range.start >= 0 && range.start <= range.end && range.end < sizeBytes) return
  throw new RangeError(
    `range of blob ${id} must lie inside its ${sizeBytes} bytes, got ${range.start}-${range.end}`,
  )
}

/** The range that is to be read: cut at the blob's end where the options say so. Throws RangeError unless it lies inside a blob of `sizeBytes` then. */
export function readableRange(
  id: BlobId,
  range: ByteRange | undefined,
  sizeBytes: number,
  { endsWithBlob = false }: GetBlobOptions = {},
): ByteRange {
  if (!range) return { start: 0, end: sizeBytes - 1 }
  const end = endsWithBlob ? Math.min(range.end, sizeBytes - 1) : range.end
  const readable = { start: range.start, end }
  assertByteRange(id, readable, sizeBytes)
  return readable
}

/** Throws RangeError when a body turned out to have another size than was told before. */
export function assertSize(id: BlobId, expectedBytes: number | undefined, sizeBytes: number): void {
  if (expectedBytes === undefined || expectedBytes === sizeBytes) return
  throw new RangeError(`blob ${id} must have ${expectedBytes} bytes, got ${sizeBytes}`)
}
