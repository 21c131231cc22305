import type { BlobId } from '../../storage/blob-store.ts'
import { decodePartLayout } from '../records/object.ts'
import type { DecodedObject } from '../records/object.ts'

/** The blobs that hold a version's bytes; none for a small body or a delete marker. */
export function blobsOfObject({ record, tail }: DecodedObject): BlobId[] {
  if (record.body === 'inline') return []
  if (record.body === 'blob') return record.blob ? [record.blob.id] : []
  const blobIds: BlobId[] = []
  for (const { blobId } of decodePartLayout(tail).parts) if (blobId !== undefined) blobIds.push(blobId)
  return blobIds
}
