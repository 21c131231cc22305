import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { callOperation, type Output } from '../api/json-api.ts'
import { useSession } from '../session/session-context.tsx'

/** What a bucket holds and transfers. */
export type Usage = Output<'GetBucketUsage'>

const STALE_MS = 60_000

/** What a bucket holds now, and its last days. For the account's own key. What was asked before is given even where `isAsked` is false. */
export function useUsage(
  bucketName: string,
  region: string,
  days: number,
  isAsked = true,
): UseQueryResult<Usage> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['usage', bucketName, days],
    staleTime: STALE_MS,
    enabled: isAsked,
    queryFn: ({ signal }) =>
      callOperation(session, 'GetBucketUsage', { bucketName, days }, { region, signal }),
  })
}
