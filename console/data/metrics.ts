import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { callOperation, type Input } from '../api/json-api.ts'
import { serverNow } from '../api/send.ts'
import { useSession } from '../session/session-context.tsx'

type MetricName = Input<'GetBucketMetricData'>['metricName']

/** A day's measure. */
export interface Measure {
  /** Epoch milliseconds. */
  readonly at: number
  readonly value: number
}

const DAY_MS = 24 * 60 * 60 * 1_000
const STALE_MS = 60_000

/** What was measured of a bucket on each of the last days; days without a measure are left out. */
export function useMetric(
  bucketName: string,
  region: string,
  metricName: MetricName,
  days: number,
): UseQueryResult<readonly Measure[]> {
  const { session } = useSession()
  return useQuery({
    queryKey: ['metric', bucketName, metricName, days],
    staleTime: STALE_MS,
    queryFn: async ({ signal }) => {
      const now = serverNow()
      const { metricData = [] } = await callOperation(
        session,
        'GetBucketMetricData',
        {
          bucketName,
          metricName,
          startTime: now - days * DAY_MS,
          endTime: now + DAY_MS,
          period: DAY_MS / 1_000,
          statistics: ['Maximum'],
          unit: metricName === 'BucketSizeBytes' ? 'Bytes' : 'Count',
        },
        { region, signal },
      )
      return metricData.map(({ timestamp = 0, maximum = 0 }) => ({ at: timestamp, value: maximum }))
    },
  })
}
