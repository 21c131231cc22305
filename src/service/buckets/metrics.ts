import { DAY_MS } from '../../base/milliseconds.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { readDailyUsage } from '../usage/daily-usage.ts'
import { readUsage } from '../usage/usage.ts'
import type { Usage } from '../usage/usage.ts'
import { getOwnBucket } from './own-bucket.ts'

type MetricStatisticName = 'Minimum' | 'Maximum' | 'Sum' | 'Average' | 'SampleCount'

interface BucketMetricsInput {
  readonly bucketName: string
  readonly metricName: 'BucketSizeBytes' | 'NumberOfObjects'
  /** Epoch milliseconds, inclusive. */
  readonly startTime: number
  /** Epoch milliseconds, exclusive. */
  readonly endTime: number
  /** Seconds, 60–86,400. */
  readonly period: number
  readonly statistics: readonly MetricStatisticName[]
  readonly unit: string
}

/** One day's value; statistics that were not asked for are absent. */
interface MetricPoint {
  /** Start of the day, UTC, epoch milliseconds. */
  readonly timestamp: number
  readonly unit: 'Bytes' | 'Count'
  readonly average?: number
  readonly maximum?: number
  readonly minimum?: number
  readonly sampleCount?: number
  readonly sum?: number
}

/** As CloudWatch bounds a response. */
const POINTS_MAX = 1_440
const DAYS_PER_READ = 100

/** Each metric's unit, and where usage has it. */
const METRICS = {
  BucketSizeBytes: { unit: 'Bytes', field: 'sizeBytes' },
  NumberOfObjects: { unit: 'Count', field: 'objects' },
} as const

/**
 * A bucket's metric, one point a day: the days that were, as counted at their end, and today as it stands. A day on which the bucket was empty
 * has no point, and neither has a unit that is not the metric's own: nothing is converted. Throws `NoSuchBucket`, and
 * `InvalidMetricRange` for times or a period that make no range.
 */
export async function getBucketMetrics(
  context: ServiceContext,
  caller: Caller,
  input: BucketMetricsInput,
): Promise<MetricPoint[]> {
  const { metricName, startTime, endTime, period, statistics } = input
  const { unit, field } = METRICS[metricName]
  const { record } = await getOwnBucket(context, caller, input.bucketName)
  if (startTime >= endTime) throw new DomainError('InvalidMetricRange', { problem: 'ends-before-it-begins' })
  if (period % 60 !== 0) throw new DomainError('InvalidMetricRange', { problem: 'period', got: period })
  if (input.unit !== unit) return []
  const today = Math.floor(context.clock.now() / DAY_MS)
  const from = Math.max(0, Math.ceil(startTime / DAY_MS))
  const to = Math.min(Math.ceil(endTime / DAY_MS), today + 1)
  if (to - from > POINTS_MAX)
    throw new DomainError('InvalidMetricRange', { problem: 'too-many-points', got: POINTS_MAX })
  const values = await readDays(context, record.bucketId, field, from, Math.min(to, today))
  if (from <= today && to > today) {
    values.set(today, (await readUsage(context.metadata, record.bucketId))[field])
  }
  return [...values]
    .filter(([, value]) => value > 0)
    .map(([day, value]) => ({ timestamp: day * DAY_MS, unit, ...statisticsOf(value, statistics) }))
}

/** With one sample a day, every statistic but the count is the sample. */
function statisticsOf(value: number, wanted: readonly MetricStatisticName[]) {
  return {
    ...(wanted.includes('Average') && { average: value }),
    ...(wanted.includes('Maximum') && { maximum: value }),
    ...(wanted.includes('Minimum') && { minimum: value }),
    ...(wanted.includes('SampleCount') && { sampleCount: 1 }),
    ...(wanted.includes('Sum') && { sum: value }),
  }
}

/** The values of past days that have a point, oldest first; `to` exclusive. */
async function readDays(
  context: ServiceContext,
  bucketId: string,
  field: keyof Usage,
  from: number,
  to: number,
): Promise<Map<number, number>> {
  const values = new Map<number, number>()
  for (let start = from; start < to; start += DAYS_PER_READ) {
    const end = Math.min(start + DAYS_PER_READ, to)
    for (const { day, point } of await readDailyUsage(context.metadata, bucketId, { from: start, to: end })) {
      if (point) values.set(day, point[field])
    }
  }
  return values
}
