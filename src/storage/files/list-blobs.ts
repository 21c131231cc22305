import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobEntry, BlobId } from '../blob-store.ts'
import { innerNameOf, outerNameOf } from './blob-path.ts'

/** Blobs in order of id. Holds the names of one folder of each level at a time. */
export async function listBlobs(
  blobsFolder: string,
  { prefix = '', after = '', limit }: { prefix?: string; after?: BlobId; limit: number },
): Promise<BlobEntry[]> {
  const found: BlobEntry[] = []
  for (const outer of await namesIn(blobsFolder, prefix, outerNameOf(after))) {
    for (const inner of await namesIn(join(blobsFolder, outer), prefix, innerNameOf(after))) {
      const folder = join(blobsFolder, outer, inner)
      for (const id of await namesIn(folder, prefix, after)) {
        if (id === after || !id.startsWith(prefix)) continue
        const sizeBytes = await sizeOf(join(folder, id))
        if (sizeBytes !== null) found.push({ id, sizeBytes })
        if (found.length === limit) return found
      }
    }
  }
  return found
}

/** Names from `first` on that can lead to ids with the prefix: those that begin with it, and those that it begins with. */
async function namesIn(folder: string, prefix: string, first: string): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    // Removed since its parent was read.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return names
    .filter((name) => name >= first && (name.startsWith(prefix) || prefix.startsWith(name)))
    .sort((a, b) => (a < b ? -1 : 1))
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
