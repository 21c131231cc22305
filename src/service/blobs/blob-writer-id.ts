import { randomBytes } from 'node:crypto'
import { CHECKED_BLOB_SUFFIX, type BlobId } from '../../storage/blob-store.ts'

/**
 * A blob id tells who wrote it: `<writerId: 16 hexadecimal digits>-<count: 9 digits of base 36>.c`. It counts up, so that blobs written one
 * after the other lie together.
 */
const COUNT_DIGITS = 9

/** 64 random bits: no two writers ever share an id. */
export const newWriterId = (): string => randomBytes(8).toString('hex')

/** The id of a writer's blob; `count` is 0 or more, counting up. */
export const blobIdOf = (writerId: string, count: number): BlobId =>
  `${writerId}-${count.toString(36).padStart(COUNT_DIGITS, '0')}${CHECKED_BLOB_SUFFIX}`

/** The writer's id at the beginning of a blob id; an id without one is a writer of its own, one that has no lease. */
export function writerIdOf(blobId: BlobId): string {
  const end = blobId.indexOf('-')
  return end < 0 ? blobId : blobId.slice(0, end)
}
