import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query'
import { callOperation, type Input, type Output } from '../api/json-api.ts'
import { useSession } from '../session/session-context.tsx'

/** A change as the audit log has it. */
export type AuditRecord = Output<'GetAuditLog'>['records'][number]

/** What is looked for in the audit log. */
export type AuditFilter = Pick<Input<'GetAuditLog'>, 'containing' | 'outcome'>

/** Any region does: the log is the server's. */
const REGION = 'us-east-1'

/** The audit log of the server, the newest change first, page by page. For the first account. */
export function useAuditLog(
  filter: AuditFilter,
): UseInfiniteQueryResult<InfiniteData<Output<'GetAuditLog'>, string | undefined>> {
  const { session } = useSession()
  return useInfiniteQuery({
    queryKey: ['audit-log', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callOperation(session, 'GetAuditLog', { ...filter, pageToken: pageParam }, { region: REGION, signal }),
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
  })
}
