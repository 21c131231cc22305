import { keyAfter } from '../../base/key.ts'
import { readCounters } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { dailyUsageRange, usageRange } from '../keyspace.ts'
import { getOwnBucket } from './own-bucket.ts'

export type MetricStatisticName = 'Minimum' | 'Maximum' | 'Sum' | 'Average' | 'SampleCount'

export interface BucketMetricsInput {
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
export interface MetricPoint {
  /** Start of the day, UTC, epoch milliseconds. */
  readonly timestamp: number
  readonly unit: 'Bytes' | 'Count'
  readonly average?: number
  readonly maximum?: number
  readonly minimum?: number
  readonly sampleCount?: number
  readonly sum?: number
}

const DAY_MS = 86_400_000
/** As CloudWatch bounds an answer. */
const POINTS_MAX = 1_440
const ROWS_PER_READ = 1_000

/** Each metric's unit, and its column in the usage counters. */
const METRICS = {
  BucketSizeBytes: { unit: 'Bytes', column: 0 },
  NumberOfObjects: { unit: 'Count', column: 1 },
} as const

/**
 * A bucket's metric, one point a day: the days that were, as counted at their end, and today as it stands. A day on which the bucket was empty
 * has no point, and neither has a unit that is not the metric's own: nothing is converted. Throws `NotFoundException`, and
 * `InvalidInputException` for times or a period that make no range.
 */
export async function getBucketMetrics(
  context: ServiceContext,
  caller: Caller,
  input: BucketMetricsInput,
): Promise<MetricPoint[]> {
  const { metricName, startTime, endTime, period, statistics } = input
  const { unit, column } = METRICS[metricName]
  const { record } = await getOwnBucket(context, caller, input.bucketName)
  if (startTime >= endTime) throw invalid('startTime must be before endTime')
  if (period % 60 !== 0) throw invalid(`period must be a multiple of 60; got ${period}`)
  if (input.unit !== unit) return []
  const today = Math.floor(context.clock.now() / DAY_MS)
  const from = Math.max(0, Math.ceil(startTime / DAY_MS))
  const to = Math.min(Math.ceil(endTime / DAY_MS), today + 1)
  if (to - from > POINTS_MAX)
    throw invalid(`The range holds more than ${POINTS_MAX} points; ask for fewer days`)
  const values = await readDays(context, record.bucketId, column, from, Math.min(to, today))
  if (from <= today && to > today) values.set(today, await readToday(context, record.bucketId, column))
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

/** The values of past days, oldest first; `to` exclusive. */
async function readDays(
  context: ServiceContext,
  bucketId: string,
  column: number,
  from: number,
  to: number,
): Promise<Map<number, number>> {
  const values = new Map<number, number>()
  const range = dailyUsageRange(bucketId, from, Math.max(from, to))
  const dayAt = range.start.length - 8
  for (let start: Buffer = range.start; ;) {
    const rows = await context.metadata.scan({ start, end: range.end, limit: ROWS_PER_READ })
    for (const row of rows) {
      const day = Number(row.key.readBigUInt64BE(dayAt))
      values.set(day, (values.get(day) ?? 0) + (readCounters(row, column + 1)[column] ?? 0))
    }
    const last = rows.at(-1)
    if (rows.length < ROWS_PER_READ || !last) return values
    start = keyAfter(last.key)
  }
}

async function readToday(context: ServiceContext, bucketId: string, column: number): Promise<number> {
  const rows = await context.metadata.scan({ ...usageRange(bucketId), limit: ROWS_PER_READ })
  return rows.reduce((sum, row) => sum + (readCounters(row, column + 1)[column] ?? 0), 0)
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message)
}
