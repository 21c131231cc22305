import { join } from 'node:path'
import type { BlobId } from '../blob-store.ts'

/** Characters of an id that name its first folder, and its second. Ids that agree so far lie together, so folders sort as ids do. */
const OUTER_LENGTH = 2
const INNER_LENGTH = 24

/**
 * Where a blob lies: `<root>/blobs/<first 2 characters>/<first 24 characters>/<id>`. The ids of a writer count up in their last
 * characters, so that a folder gets about a thousand of them.
 */
export interface BlobPath {
  readonly outer: string
  readonly folder: string
  readonly file: string
}

/** Where the blob of that id lies, or will lie, below the folder of all blobs. */
export function blobPath(blobsFolder: string, id: BlobId): BlobPath {
  const outer = join(blobsFolder, outerNameOf(id))
  const folder = join(outer, innerNameOf(id))
  return { outer, folder, file: join(folder, id) }
}

/** The name of a blob's first folder, by its id. */
export const outerNameOf = (id: BlobId): string => id.slice(0, OUTER_LENGTH)
/** The name of a blob's second folder, by its id. */
export const innerNameOf = (id: BlobId): string => id.slice(0, INNER_LENGTH)
