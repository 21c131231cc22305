import { keyAfter } from '../../base/key.ts'
import type { Entry, MetadataStore } from '../../storage/metadata-store.ts'
import { bucketNameOf, bucketsRange } from '../keyspace.ts'
import { Round } from '../round.ts'

const BUCKETS_PER_PAGE = 100

/**
 * Does background work for every bucket in turn, by name, holding one page of them at a time; `work` gets the stored record. Rejects at the
 * end when it failed for some, and at once when the buckets cannot be read or `signal` aborts.
 */
export async function eachBucket(
  metadata: Pick<MetadataStore, 'scan'>,
  work: (bucket: Entry) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const round = new Round(signal)
  const { end } = bucketsRange()
  let { start } = bucketsRange()
  for (;;) {
    const buckets = await metadata.scan({ start, end, limit: BUCKETS_PER_PAGE })
    for (const bucket of buckets)
      await round.attempt(`bucket ${bucketNameOf(bucket.key)}`, () => work(bucket))
    const last = buckets.at(-1)
    if (!last || buckets.length < BUCKETS_PER_PAGE) return round.finish()
    start = keyAfter(last.key)
  }
}
