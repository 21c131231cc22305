import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { callOperation, type Output } from '../api/json-api.ts'
import { listBuckets, type SeenBucket } from '../api/s3/list-buckets.ts'
import type { Sender } from '../api/send.ts'
import { useSession } from '../session/session-context.tsx'

/** A bucket as Lightsail tells of it, with its region. */
export type Bucket = NonNullable<Output<'GetBuckets'>['buckets']>[number] & {
  readonly name: string
  readonly region: string
}

const SEEN = ['seen-buckets'] as const
const ALL = ['buckets'] as const
/** Regions that are asked at the same time. */
const REGIONS_AT_ONCE = 4

/** The buckets of all regions that the key at hand can see; every key may ask. */
export function useSeenBuckets(): UseQueryResult<readonly SeenBucket[]> {
  const { session } = useSession()
  return useQuery({ queryKey: SEEN, queryFn: ({ signal }) => listBuckets(session, signal) })
}

/** The account's buckets of all regions with their settings, by name; for the account's own key. */
export function useBuckets(isAsked: boolean): UseQueryResult<readonly Bucket[]> {
  const { session } = useSession()
  const queries = useQueryClient()
  return useQuery({
    queryKey: ALL,
    enabled: isAsked,
    queryFn: async ({ signal }) => {
      const seen = await queries.query({ queryKey: SEEN, queryFn: () => listBuckets(session, signal) })
      const regions = [...new Set(seen.map(({ region }) => region))]
      const found: Bucket[] = []
      for (let at = 0; at < regions.length; at += REGIONS_AT_ONCE)
        for (const buckets of await Promise.all(
          regions.slice(at, at + REGIONS_AT_ONCE).map((region) => bucketsOf(session, region, signal)),
        ))
          found.push(...buckets)
      return found.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
  })
}

/** One bucket with its settings, CORS rules and resources among them; for the account's own key. */
export function useBucket(name: string, region: string, isAsked = true): UseQueryResult<Bucket | null> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['bucket', name],
    enabled: isAsked,
    queryFn: async ({ signal }) => {
      const { buckets = [] } = await callOperation(
        session,
        'GetBuckets',
        { bucketName: name, includeConnectedResources: true, includeCors: true },
        { region, signal },
      )
      const [bucket] = buckets
      return bucket ? { ...bucket, name, region } : null
    },
  })
}

async function bucketsOf(sender: Sender, region: string, signal: AbortSignal): Promise<Bucket[]> {
  const found: Bucket[] = []
  let pageToken: string | undefined
  do {
    const page: Output<'GetBuckets'> = await callOperation(
      sender,
      'GetBuckets',
      { pageToken },
      { region, signal },
    )
    for (const bucket of page.buckets ?? []) found.push({ ...bucket, name: bucket.name ?? '', region })
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  return found
}

/** Has all that is shown of buckets fetched anew. */
export function useRefreshBuckets(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await queries.invalidateQueries({ queryKey: SEEN })
    await queries.invalidateQueries({ queryKey: ALL })
    await queries.invalidateQueries({ queryKey: ['bucket'] })
  }
}
