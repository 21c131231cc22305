import { join } from 'node:path'
import { isBlobId } from '../blob-id.ts'
import type { BlobEntry, BlobId } from '../blob-store.ts'
import { codeOf } from './failures.ts'
import type { FileSystem } from './file-system.ts'
import { innerNameOf, outerNameOf } from './blob-path.ts'

/** Blobs in order of id. Holds the names of one folder of each level at a time. */
export async function listBlobs(
  files: FileSystem,
  blobsFolder: string,
  { prefix = '', after = '', limit }: { prefix?: string; after?: BlobId; limit: number },
): Promise<BlobEntry[]> {
  const found: BlobEntry[] = []
  for (const outer of await namesIn(files, blobsFolder, prefix, outerNameOf(after))) {
    for (const inner of await namesIn(files, join(blobsFolder, outer), prefix, innerNameOf(after))) {
      const folder = join(blobsFolder, outer, inner)
      for (const id of await namesIn(files, folder, prefix, after)) {
        // What others left there is none of ours: NFS keeps a deleted file that is still open under a name of its own.
        if (id === after || !id.startsWith(prefix) || !isBlobId(id)) continue
        const sizeBytes = await sizeOf(files, join(folder, id))
        if (sizeBytes !== null) found.push({ id, sizeBytes })
        if (found.length === limit) return found
      }
    }
  }
  return found
}

/** Names from `first` on that can lead to ids with the prefix: those that begin with it, and those that it begins with. */
async function namesIn(files: FileSystem, folder: string, prefix: string, first: string): Promise<string[]> {
  let names: string[]
  try {
    names = await files.readdir(folder)
  } catch (error) {
    // Removed since its parent was read, or no folder and so none of ours.
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
  return names
    .filter((name) => name >= first && (name.startsWith(prefix) || prefix.startsWith(name)))
    .sort((a, b) => (a < b ? -1 : 1))
}

async function sizeOf(files: FileSystem, path: string): Promise<number | null> {
  try {
    return (await files.stat(path)).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
