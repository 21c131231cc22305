import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { callOperation, type Output } from '../api/json-api.ts'
import { useSession } from '../session/session-context.tsx'

/** What a bucket holds and transfers. */
export type Usage = Output<'GetBucketUsage'>

const STALE_MS = 60_000

/** What a bucket holds now, and its last days. For the account's own key. */
export function useUsage(bucketName: string, region: string, days: number): UseQueryResult<Usage> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['usage', bucketName, days],
    staleTime: STALE_MS,
    queryFn: ({ signal }) =>
      callOperation(session, 'GetBucketUsage', { bucketName, days }, { region, signal }),
  })
}
