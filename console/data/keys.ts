import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { callOperation, type Input, type Output } from '../api/json-api.ts'
import { readPages } from '../api/read-pages.ts'
import type { Sender } from '../api/send.ts'
import { useSession } from '../session/session-context.tsx'

/** An access key with its rights and bounds, or one of a bucket's own two. */
export type Key = NonNullable<Output<'GetAccessKeys'>['accessKeys']>[number]

/** Which key is meant: an application key by its name, or one of a bucket's own by its id. */
export type KeyRef =
  | { readonly kind: 'application'; readonly name: string }
  | {
      readonly kind: 'bucket'
      readonly bucket: string
      readonly region: string
      readonly accessKeyId: string
    }

/** Which keys a list has; what is absent leaves none out. */
export type KeyFilter = Pick<Input<'GetAccessKeys'>, 'namePrefix' | 'status' | 'bucketName'>

type KeyPage = Output<'GetAccessKeys'>

/** Any region does for keys that are not a bucket's own. */
export const KEYS_REGION = 'us-east-1'
const KEYS = ['keys'] as const
const USES = ['key-uses'] as const

/** The region in which a key's operations are called. */
export const regionOf = (ref: KeyRef): string => (ref.kind === 'bucket' ? ref.region : KEYS_REGION)

/** How operations name a key. */
export const namingOf = (
  ref: KeyRef,
): { readonly name: string } | { readonly bucketName: string; readonly accessKeyId: string } =>
  ref.kind === 'application' ? { name: ref.name } : { bucketName: ref.bucket, accessKeyId: ref.accessKeyId }

/** The account's application keys by name, page by page. */
export function useKeyList(
  filter: KeyFilter,
): UseInfiniteQueryResult<InfiniteData<KeyPage, string | undefined>> {
  const { session } = useSession()
  return useInfiniteQuery({
    queryKey: [...KEYS, 'list', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callOperation(
        session,
        'GetAccessKeys',
        { ...filter, pageToken: pageParam },
        { region: KEYS_REGION, signal },
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
  })
}

/** Pages of a hundred keys that are listed to choose from. */
const CHOICE_PAGES_MAX = 10

/** Application keys to choose from, by name, and whether there are more than are listed. */
export function useKeyChoices(
  filter: KeyFilter,
): UseQueryResult<{ readonly keys: readonly Key[]; readonly hasMore: boolean }> {
  const { session } = useSession()
  return useQuery({
    queryKey: [...KEYS, 'choices', filter],
    queryFn: async ({ signal }) => {
      const options = { region: KEYS_REGION, signal }
      const { items, hasMore } = await readPages(CHOICE_PAGES_MAX, async (pageToken) => {
        const response = await callOperation(session, 'GetAccessKeys', { ...filter, pageToken }, options)
        return { items: response.accessKeys, nextPageToken: response.nextPageToken }
      })
      return { keys: items, hasMore }
    },
  })
}

/** One key; null: there is none. */
export function useKey(
  ref: KeyRef,
  { refetchMs }: { readonly refetchMs?: number } = {},
): UseQueryResult<Key | null> {
  const { session } = useSession()
  return useQuery({
    queryKey: [...KEYS, 'one', ref],
    refetchInterval: refetchMs ?? false,
    queryFn: ({ signal }) =>
      findKey(
        session,
        ref.kind === 'application' ? { name: ref.name } : { accessKeyId: ref.accessKeyId },
        regionOf(ref),
        signal,
      ),
  })
}

/** The bucket's own keys, two at most, as they are told of with their last use and rotation. */
export function useBucketKeys(
  bucket: string,
  region: string,
  isAsked = true,
): UseQueryResult<readonly Key[]> {
  const { session } = useSession()
  return useQuery({
    queryKey: [...KEYS, 'bucket', bucket],
    enabled: isAsked,
    queryFn: async ({ signal }) => {
      const { accessKeys = [] } = await callOperation(
        session,
        'GetBucketAccessKeys',
        { bucketName: bucket },
        { region, signal },
      )
      const found = await Promise.all(
        accessKeys.map(({ accessKeyId }) => findKey(session, { accessKeyId }, region, signal)),
      )
      return found.filter((key) => key !== null)
    },
  })
}

async function findKey(
  sender: Sender,
  which: Pick<Input<'GetAccessKeys'>, 'name' | 'accessKeyId'>,
  region: string,
  signal: AbortSignal,
): Promise<Key | null> {
  const { accessKeys = [] } = await callOperation(sender, 'GetAccessKeys', which, { region, signal })
  return accessKeys[0] ?? null
}

/** What one user did with a key on a day. */
export type KeyUse = NonNullable<Output<'GetAccessKeyUse'>['uses']>[number]

/** More pages are not shown: the command line has them all. */
const USE_PAGES_MAX = 20

/** Who used a key, the newest day first, as far back as is kept; of several ids together what each of them was used for. */
export function useKeyUses(
  accessKeyIds: readonly string[],
  region: string,
  { refetchMs }: { readonly refetchMs?: number } = {},
): UseQueryResult<readonly KeyUse[]> {
  const { session } = useSession()
  return useQuery({
    queryKey: [...USES, accessKeyIds],
    enabled: accessKeyIds.length > 0,
    refetchInterval: refetchMs ?? false,
    queryFn: async ({ signal }) =>
      (await Promise.all(accessKeyIds.map((id) => readKeyUses(session, id, region, signal)))).flat(),
  })
}

/** All that is kept of who used a key. Throws ApiError. */
export async function readKeyUses(
  sender: Sender,
  accessKeyId: string,
  region: string,
  signal?: AbortSignal,
): Promise<readonly KeyUse[]> {
  const { items } = await readPages(USE_PAGES_MAX, async (pageToken) => {
    const response = await callOperation(
      sender,
      'GetAccessKeyUse',
      { accessKeyId, pageToken },
      { region, signal },
    )
    return { items: response.uses, nextPageToken: response.nextPageToken }
  })
  return items
}

/** Has all that is shown of keys fetched anew. */
export function useRefreshKeys(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: KEYS }),
      queries.invalidateQueries({ queryKey: USES }),
      queries.invalidateQueries({ queryKey: ['palette-keys'] }),
    ])
  }
}
