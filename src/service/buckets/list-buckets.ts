import { BUCKETS_PAGE_MAX } from '../../model/s3/listing/list-buckets.ts'
import { shownBuckets, type ListingQuestion } from '../authorization/shown-buckets.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { bucketIndexRange, bucketKey } from '../keyspace.ts'
import { makePageToken, pageStart } from '../page-token.ts'
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

/** Which of the buckets that are shown a page has. */
interface VisiblePageInput {
  /** The last name of the page before. */
  readonly after?: string | undefined
  readonly prefix?: string | undefined
  readonly region?: string | undefined
  readonly countMax?: number | undefined
}

/** A page of what {@link listVisibleBuckets} gives. `isTruncated`: more follow. Throws as it does. */
export async function listVisiblePage(
  context: ServiceContext,
  question: ListingQuestion,
  { after = '', prefix = '', region, countMax = BUCKETS_PAGE_MAX }: VisiblePageInput,
): Promise<{ readonly buckets: readonly BucketRecord[]; readonly isTruncated: boolean }> {
  const found = (await listVisibleBuckets(context, question)).filter(
    (bucket) =>
      bucket.name > after &&
      bucket.name.startsWith(prefix) &&
      (region === undefined || bucket.region === region),
  )
  return { buckets: found.slice(0, countMax), isTruncated: found.length > countMax }
}

/**
 * What S3's ListBuckets shows: an account all its buckets over all regions, a bucket key its own bucket, an application key those that it is for and its policy
 * gives it anything in, a resource the buckets attached to it, by name. The quota bounds the list. Throws `PolicyTooCostly`.
 */
async function listVisibleBuckets(
  context: ServiceContext,
  question: ListingQuestion,
): Promise<readonly BucketRecord[]> {
  const { principal } = question
  switch (principal.type) {
    case 'anonymous':
      return []
    case 'bucket-key': {
      const [entry] = await context.metadata.getMany([bucketKey(principal.bucketName)])
      const record = entry ? bucketCodec.decode(entry.value) : null
      return record?.bucketId === principal.bucketId ? [record] : []
    }
    case 'application-key': {
      const buckets = await collect(context, { accountId: principal.accountId })
      return shownBuckets(principal.scope, question, byName(buckets))
    }
    case 'role': {
      const buckets = principal.parent
        ? await listVisibleBuckets(context, { ...question, principal: principal.parent })
        : byName(await collect(context, { accountId: principal.accountId }))
      return shownBuckets(principal.scope, question, buckets)
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
