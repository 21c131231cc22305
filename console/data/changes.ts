import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { callOperation, type Output } from '../api/json-api.ts'
import { useSession } from '../session/session-context.tsx'

/** The record of a change. */
export type Change = NonNullable<Output<'GetOperations'>['operations']>[number]

/** The server keeps no more for an account in a region. */
const RECORDS_MAX = 10_000

/** What was changed of buckets in a region, the newest first. */
export function useChanges(region: string): UseQueryResult<readonly Change[]> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['changes', region],
    queryFn: async ({ signal }) => {
      const changes: Change[] = []
      let pageToken: string | undefined
      do {
        const page: Output<'GetOperations'> = await callOperation(
          session,
          'GetOperations',
          { pageToken },
          { region, signal },
        )
        changes.push(...(page.operations ?? []))
        pageToken = page.nextPageToken
      } while (pageToken !== undefined && changes.length < RECORDS_MAX)
      return changes.reverse()
    },
  })
}
