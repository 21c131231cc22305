import {
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query'
import { callOperation, type Output } from '../api/json-api.ts'
import { useSession } from '../session/session-context.tsx'
import { KEYS_REGION } from './keys.ts'

/** Rights that are taken for a time. */
export type Role = NonNullable<Output<'GetRoles'>['roles']>[number]

const ROLES = ['roles'] as const

/** The account's roles by name, page by page. */
export function useRoles(): UseInfiniteQueryResult<InfiniteData<Output<'GetRoles'>, string | undefined>> {
  const { session } = useSession()
  return useInfiniteQuery({
    queryKey: ROLES,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callOperation(session, 'GetRoles', { pageToken: pageParam }, { region: KEYS_REGION, signal }),
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
  })
}

/** Has all that is shown of roles fetched anew. */
export function useRefreshRoles(): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ROLES })
}
