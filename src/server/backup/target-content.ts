import type { BlobEntry, BlobId, BlobStore } from '../../storage/blob-store.ts'
import { BLOBS_END } from './names.ts'

const PAGE_SIZE = 1_000

/** What lies in a target under ids that begin so, in order of id. */
export async function* allBlobIds(target: BlobStore, prefix: string): AsyncGenerator<BlobEntry> {
  let after: BlobId | undefined
  for (;;) {
    const page = await target.list({ prefix, limit: PAGE_SIZE, ...(after === undefined ? {} : { after }) })
    yield* page
    if (page.length < PAGE_SIZE) return
    after = page.at(-1)?.id
  }
}

/** The blobs of the store that lie in a target, in order of id. */
export async function* storedBlobs(target: BlobStore): AsyncGenerator<BlobEntry> {
  for await (const entry of allBlobIds(target, '')) {
    if (entry.id >= BLOBS_END) return
    yield entry
  }
}
