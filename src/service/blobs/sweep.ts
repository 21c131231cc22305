import type { Clock } from '../../base/clock.ts'
import { keyAfter } from '../../base/key.ts'
import type { BlobEntry, BlobId, BlobStore } from '../../storage/blob-store.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { readTextPart } from '../../base/key.ts'
import { getPastDamage } from '../damage/past-damage.ts'
import { blobReferenceKey, writerLeaseKey, writerLeaseRenewalKey, writerLeasesRange } from '../keyspace.ts'
import { writerIdOf } from './blob-writer-id.ts'
import { RemovalQuestions } from './removal-questions.ts'

const PAGE_SIZE = 1000

/** What a sweep saw and let go of. */
export interface SweepReport {
  /** Writers whose lease had run out and was ended. */
  readonly writersEnded: number
  readonly blobsSeen: number
  /** Those to which nothing refers: removed, or about to be. */
  readonly blobsRemoved: number
  readonly bytesRemoved: number
}

interface SweepOptions {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly clock: Clock
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
 * and while all of them write. Works in pages; holds one page at a time.
 *
 * A blob whose writer has no lease and that nothing refers to, in one consistent read, is an orphan for ever: each commit that would refer
 * to it checks the lease. So leases that ran out are ended first, by a commit that fails when their owner renews.
 */
export async function sweepBlobs(options: SweepOptions): Promise<SweepReport> {
  const writersEnded = await endExpiredLeases(options)
  let blobsSeen = 0
  let blobsRemoved = 0
  let bytesRemoved = 0
  let after: BlobId | undefined
  for (;;) {
    options.signal?.throwIfAborted()
    const page = await options.blobs.list({ limit: PAGE_SIZE, ...(after === undefined ? {} : { after }) })
    const orphans = await orphansAmong(page, options)
    const goesOn = orphans.length === 0 || (await options.remove(orphans))
    blobsSeen += page.length
    blobsRemoved += orphans.length
    for (const { sizeBytes } of orphans) bytesRemoved += sizeBytes
    after = page.at(-1)?.id
    if (page.length < PAGE_SIZE || !goesOn) return { writersEnded, blobsSeen, blobsRemoved, bytesRemoved }
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

/** Ends the leases that ran out, each by a commit that fails when its owner renews it, and forgets what their owners asked; gives how many. */
export async function endExpiredLeases({
  metadata,
  clock,
  signal,
}: Pick<SweepOptions, 'metadata' | 'clock' | 'signal'>): Promise<number> {
  let ended = 0
  const range = writerLeasesRange()
  let { start } = range
  for (;;) {
    signal?.throwIfAborted()
    const leases = await metadata.scan({ start, end: range.end, limit: PAGE_SIZE, keysOnly: true })
    const renewalKeys = leases.map(({ key }) => writerLeaseRenewalKey(readTextPart(key, 1).text))
    const renewals = await getPastDamage(metadata, renewalKeys)
    for (const [index, lease] of leases.entries()) {
      const renewalKey = renewalKeys[index]
      const renewal = renewals[index] ?? null
      // One that is damaged is written anew by its owner, if that lives; it is left at that.
      if (
        !renewalKey ||
        renewal === 'damaged' ||
        (renewal && Number(renewal.value.readBigUInt64BE(0)) > clock.now())
      )
        continue
      const outcome = await metadata.commit({
        checks: [
          { key: lease.key, version: lease.version },
          { key: renewalKey, version: renewal?.version ?? null },
        ],
        deletes: [lease.key, renewalKey],
      })
      if (outcome !== 'ok') continue
      ended++
      await new RemovalQuestions(metadata).withdraw(readTextPart(lease.key, 1).text)
    }
    const last = leases.at(-1)
    if (!last || leases.length < PAGE_SIZE) return ended
    start = keyAfter(last.key)
  }
}
