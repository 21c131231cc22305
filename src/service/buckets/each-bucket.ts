import type { Entry, MetadataStore } from '../../storage/metadata-store.ts'
import { scanToDamage, type PageToDamage } from '../damage/past-damage.ts'
import { bucketNameOf, bucketsRange } from '../keyspace.ts'
import { Round } from '../round.ts'

const BUCKETS_PER_PAGE = 100

/**
 * Does background work for every bucket in turn, by name, holding one page of them at a time; `work` gets the stored record. Rejects at the
 * end when it failed for some, or their records are damaged, and at once when the buckets cannot be read or `signal` aborts.
 */
export async function eachBucket(
  metadata: Pick<MetadataStore, 'scan'>,
  work: (bucket: Entry) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const round = new Round(signal)
  const { end } = bucketsRange()
  for (let start: Buffer | null = bucketsRange().start; start;) {
    const page: PageToDamage = await scanToDamage(metadata, { start, end, limit: BUCKETS_PER_PAGE })
    const { entries, damaged, next } = page
    for (const bucket of entries)
      await round.attempt(`bucket ${bucketNameOf(bucket.key)}`, () => work(bucket))
    if (damaged) await round.attempt(`bucket ${bucketNameOf(damaged.key)}`, () => Promise.reject(damaged))
    start = next
  }
  round.finish()
}
