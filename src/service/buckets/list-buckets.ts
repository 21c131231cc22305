import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { bucketIndexRange, bucketKey } from '../keyspace.ts'
import { makePageToken, pageStart } from '../page-token.ts'
import type { Principal } from '../principal.ts'
import { bucketCodec } from '../records/bucket.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { ownBuckets, readBucketPage } from './own-bucket.ts'

/** The API states no page size; this keeps a response well below a megabyte. */
const BUCKETS_PER_PAGE = 100

interface BucketsPage {
  /** By name. */
  readonly buckets: readonly BucketRecord[]
  /** Absent on the last page. */
  readonly nextPageToken?: string
}

/** The caller's buckets in the region of the request. Throws `InvalidPageToken` for a bad token. */
export async function listOwnBuckets(
  context: ServiceContext,
  caller: Caller,
  pageToken?: string,
): Promise<BucketsPage> {
  const range = bucketIndexRange(caller.accountId, caller.region)
  const list = `buckets\0${caller.accountId}\0${caller.region}`
  const start = pageStart(context, list, range.start, pageToken)
  const page = await readBucketPage(context, { start, end: range.end }, BUCKETS_PER_PAGE)
  const buckets = page.buckets.map(({ record }) => record)
  if (!page.lastKey) return { buckets }
  return { buckets, nextPageToken: makePageToken(context, list, page.lastKey.subarray(range.start.length)) }
}

/**
 * What S3's ListBuckets shows: an account all its buckets over all regions, a bucket key its own bucket, an application key those that it is for, a resource the buckets attached to it,
 * by name. The quota bounds the list.
 */
export async function listVisibleBuckets(
  context: ServiceContext,
  principal: Principal,
): Promise<BucketRecord[]> {
  switch (principal.type) {
    case 'anonymous':
      return []
    case 'bucket-key': {
      const [entry] = await context.metadata.getMany([bucketKey(principal.bucketName)])
      const record = entry ? bucketCodec.decode(entry.value) : null
      return record?.bucketId === principal.bucketId ? [record] : []
    }
    case 'application-key': {
      const { bucketIds } = principal.scope
      const buckets = await collect(context, { accountId: principal.accountId })
      return byName(buckets.filter(({ bucketId }) => bucketIds === null || bucketIds.has(bucketId)))
    }
    case 'role': {
      const { bucketIds } = principal.scope
      const buckets = principal.parent
        ? await listVisibleBuckets(context, principal.parent)
        : await collect(context, { accountId: principal.accountId })
      return byName(buckets.filter(({ bucketId }) => bucketIds === null || bucketIds.has(bucketId)))
    }
    case 'account':
      return byName(await collect(context, { accountId: principal.accountId }))
    case 'resource': {
      const buckets = await collect(context, { accountId: principal.accountId, region: principal.region })
      return buckets.filter(({ receivers }) => receivers.some(({ name }) => name === principal.resourceName))
    }
  }
}

async function collect(
  context: ServiceContext,
  owner: { readonly accountId: string; readonly region?: string },
): Promise<BucketRecord[]> {
  const buckets: BucketRecord[] = []
  for await (const { record } of ownBuckets(context, owner)) buckets.push(record)
  return buckets
}

function byName(buckets: BucketRecord[]): BucketRecord[] {
  return buckets.sort((left, right) => (left.name < right.name ? -1 : 1))
}
