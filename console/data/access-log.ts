import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { sendS3, sendS3ForXml } from '../api/s3/request.ts'
import { childrenOf, childText } from '../api/s3/xml.ts'
import type { Sender } from '../api/send.ts'
import { useSession } from '../session/session-context.tsx'
import type { Bucket } from './buckets.ts'
import { parseLogLine, type LoggedRequest } from './log-line.ts'

/** Log objects that are read: the newest ones. */
const OBJECTS_MAX = 20
/** Pages of their names that are looked through for them; of a thousand each. */
const PAGES_MAX = 20
/** Longest log object that is read. */
const OBJECT_BYTES_MAX = 4 * 1024 * 1024

/** What the newest log objects of a bucket tell. */
export interface ReadLog {
  /** The newest first. */
  readonly requests: readonly LoggedRequest[]
  /** Whether there are older log objects that were not read. */
  readonly hasMore: boolean
}

/** The newest requests in the access log of a bucket. */
export function useAccessLog(bucket: Bucket | undefined): UseQueryResult<ReadLog> {
  const { session } = useSession()
  const log = bucket?.accessLogConfig
  return useQuery({
    queryKey: ['access-log', bucket?.name, log],
    enabled: log?.enabled === true && log.destination !== undefined,
    queryFn: async ({ signal }) => {
      const place = { bucket: log?.destination ?? '', region: bucket?.region ?? '' }
      const names = await newestNames(session, { ...place, prefix: log?.prefix ?? '', signal })
      const requests: LoggedRequest[] = []
      for (const key of names.newest) {
        const response = await sendS3(session, { method: 'GET', ...place, key, signal })
        for (const line of (await response.text()).split('\n')) {
          const request = parseLogLine(line)
          if (request) requests.push(request)
        }
      }
      return { requests: requests.sort((a, b) => b.at - a.at), hasMore: names.hasMore }
    },
  })
}

interface LogPlace {
  readonly bucket: string
  readonly region: string
  readonly prefix: string
  readonly signal: AbortSignal
}

/** Names begin with their time, so the last ones are the newest. */
async function newestNames(
  sender: Sender,
  { prefix, ...place }: LogPlace,
): Promise<{ readonly newest: readonly string[]; readonly hasMore: boolean }> {
  let newest: string[] = []
  let hasMore = false
  let token: string | null = null
  for (let page = 0; page < PAGES_MAX; page++) {
    const query: Record<string, string> = {
      'list-type': '2',
      prefix,
      ...(token !== null && { 'continuation-token': token }),
    }
    const document = await sendS3ForXml(sender, { method: 'GET', ...place, query })
    const found = childrenOf(document, 'Contents').filter(
      (entry) => Number(childText(entry, 'Size')) <= OBJECT_BYTES_MAX,
    )
    newest.push(...found.map((entry) => childText(entry, 'Key') ?? ''))
    hasMore ||= newest.length > OBJECTS_MAX
    newest = newest.slice(-OBJECTS_MAX)
    token = childText(document, 'NextContinuationToken')
    if (token === null) break
  }
  return { newest: newest.reverse(), hasMore: hasMore || token !== null }
}
