import { keyAfter } from '../../base/key.ts'
import type { StoredBucket } from '../admission.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { bucketIndexRange, bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'

const BUCKETS_PER_READ = 100

/** Control-plane calls see the account's own buckets in the region of the request, and no others. Throws `NoSuchBucket`. */
export async function getOwnBucket(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
): Promise<StoredBucket> {
  const [entry] = await context.metadata.getMany([bucketKey(bucketName)])
  const bucket = entry ? { record: bucketCodec.decode(entry.value), version: entry.version } : null
  if (bucket?.record.accountId !== caller.accountId || bucket.record.region !== caller.region) {
    throw new DomainError('NoSuchBucket', { bucketName })
  }
  return bucket
}

/** The account's buckets by name, in one region or (without `region`) by region in all; read in steps, as the loop goes on. */
export async function* ownBuckets(
  context: ServiceContext,
  owner: { readonly accountId: string; readonly region?: string },
): AsyncGenerator<StoredBucket> {
  const range = bucketIndexRange(owner.accountId, owner.region)
  let { start } = range
  for (;;) {
    const page = await readBucketPage(context, { start, end: range.end }, BUCKETS_PER_READ)
    yield* page.buckets
    if (!page.lastKey) return
    start = keyAfter(page.lastKey)
  }
}

/** Some buckets of an index range; `lastKey` is there when more may follow. */
export async function readBucketPage(
  context: ServiceContext,
  range: { readonly start: Buffer; readonly end: Buffer },
  limit: number,
): Promise<{ buckets: StoredBucket[]; lastKey: Buffer | null }> {
  const found = await context.metadata.scan({ ...range, limit: limit + 1 })
  const indexed = found.slice(0, limit)
  if (indexed.length === 0) return { buckets: [], lastKey: null }
  const entries = await context.metadata.getMany(indexed.map(({ value }) => bucketKey(value.toString())))
  // A bucket may be deleted between the two reads.
  const buckets = entries.flatMap((entry) =>
    entry ? [{ record: bucketCodec.decode(entry.value), version: entry.version }] : [],
  )
  return { buckets, lastKey: found.length > limit ? (indexed.at(-1)?.key ?? null) : null }
}
