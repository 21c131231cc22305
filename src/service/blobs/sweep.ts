import type { BlobEntry, BlobId, BlobStore } from '../../storage/blob-store.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { getPastDamage } from '../damage/past-damage.ts'
import { blobReferenceKey, writerLeaseKey } from '../keyspace.ts'
import { writerIdOf } from './blob-writer-id.ts'
import { findNamedBlobs } from './named-blobs.ts'

const PAGE_SIZE = 1000
/** So many blobs are looked for in the records at once. */
const ORPHANS_AT_ONCE = 50_000

/** What a sweep saw and let go of. */
export interface SweepReport {
  /** Writers that had not renewed their lease and whose lease was ended. */
  readonly writersEnded: number
  readonly blobsSeen: number
  /** Those to which nothing refers: removed, or about to be. */
  readonly blobsRemoved: number
  readonly bytesRemoved: number
  /** Blobs that objects name though their references were gone, and that have them again. */
  readonly referencesMended: number
}

interface SweepOptions {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  /** Ends the leases of writers that are gone, as far as this process can know; gives how many. */
  readonly endLeases: () => Promise<number>
  /**
   * Of blobs that nothing refers to and whose writer lives: whether to remove this one. Only their writer's own process can know;
   * all others answer false.
   */
  readonly isLeftover: (blobId: BlobId) => boolean
  /** Sees to it that blobs to which nothing refers are removed once nobody reads them; false: enough for this sweep. */
  readonly remove: (orphans: readonly BlobEntry[]) => Promise<boolean>
  readonly signal?: AbortSignal
}

/**
 * Finds blobs that nothing refers to and nothing ever will, those of writers without a lease, and lets go of them. Safe on any number of processes at once,
 * and while all of them write. Works in pages; holds one page, and what is to be removed.
 *
 * A blob whose writer has no lease and that nothing refers to, in one consistent read, is an orphan for ever: each commit that would refer
 * to it checks the lease. So leases that were not renewed are ended first, by a commit that fails when their owner renews. Disks lose references too: before anything is removed, all
 * records are asked whether they name it.
 */
export async function sweepBlobs(options: SweepOptions): Promise<SweepReport> {
  const writersEnded = await options.endLeases()
  const counts = { blobsSeen: 0, blobsRemoved: 0, bytesRemoved: 0, referencesMended: 0 }
  let waiting: BlobEntry[] = []
  const removeWaiting = async (): Promise<boolean> => {
    if (waiting.length === 0) return true
    const asked = new Set(waiting.map(({ id }) => id))
    const { blobIds: named, mended } = await findNamedBlobs(options.metadata, asked, options.signal)
    counts.referencesMended += mended
    const orphans = waiting.filter(({ id }) => !named.has(id))
    waiting = []
    counts.blobsRemoved += orphans.length
    for (const { sizeBytes } of orphans) counts.bytesRemoved += sizeBytes
    return await (orphans.length === 0 || options.remove(orphans))
  }
  let after: BlobId | undefined
  for (;;) {
    options.signal?.throwIfAborted()
    const page = await options.blobs.list({ limit: PAGE_SIZE, ...(after === undefined ? {} : { after }) })
    waiting.push(...(await orphansAmong(page, options)))
    counts.blobsSeen += page.length
    after = page.at(-1)?.id
    const isLast = page.length < PAGE_SIZE
    const goesOn = isLast || waiting.length >= ORPHANS_AT_ONCE ? await removeWaiting() : true
    if (isLast || !goesOn) return { writersEnded, ...counts }
  }
}

async function orphansAmong(
  page: readonly BlobEntry[],
  { metadata, isLeftover }: SweepOptions,
): Promise<BlobEntry[]> {
  const writerIds = [...new Set(page.map(({ id }) => writerIdOf(id)))]
  // A reference, or a lease, that is damaged is there all the same.
  const entries = await getPastDamage(metadata, [
    ...page.map(({ id }) => blobReferenceKey(id)),
    ...writerIds.map(writerLeaseKey),
  ])
  const living = new Set(writerIds.filter((_, index) => entries[page.length + index]))
  return page.filter(({ id }, index) => {
    if (entries[index]) return false
    return living.has(writerIdOf(id)) ? isLeftover(id) : true
  })
}
