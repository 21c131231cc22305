import { DAY_SECONDS } from '../../../base/milliseconds.ts'
import { enumeration, integer, list, structure } from '../../shape.ts'
import { DoubleValue, TimestampValue } from './primitives.ts'

/** What is measured of a bucket, once a day: its bytes, or its objects, versions included. */
export const BucketMetricName = enumeration(['BucketSizeBytes', 'NumberOfObjects'], {
  name: 'BucketMetricName',
})

/** How many seconds one data point stands for: 60 to 86,400. Buckets have one point a day. */
export const MetricPeriod = integer({ name: 'MetricPeriod', min: 60, max: DAY_SECONDS })

/** How the measurements of a period are put together. */
const MetricStatistic = enumeration(['Minimum', 'Maximum', 'Sum', 'Average', 'SampleCount'], {
  name: 'MetricStatistic',
})

/** The statistics that are asked for. */
export const MetricStatisticList = list(MetricStatistic, { name: 'MetricStatisticList' })

/** A unit of Lightsail's metrics; those of buckets are Bytes and Count. */
export const MetricUnit = enumeration(
  [
    'Seconds',
    'Microseconds',
    'Milliseconds',
    'Bytes',
    'Kilobytes',
    'Megabytes',
    'Gigabytes',
    'Terabytes',
    'Bits',
    'Kilobits',
    'Megabits',
    'Gigabits',
    'Terabits',
    'Percent',
    'Count',
    'Bytes/Second',
    'Kilobytes/Second',
    'Megabytes/Second',
    'Gigabytes/Second',
    'Terabytes/Second',
    'Bits/Second',
    'Kilobits/Second',
    'Megabits/Second',
    'Gigabits/Second',
    'Terabits/Second',
    'Count/Second',
    'None',
  ],
  { name: 'MetricUnit' },
)

/** One period: its start, and of the statistics those that were asked for. */
const MetricDatapoint = structure(
  {
    average: DoubleValue,
    maximum: DoubleValue,
    minimum: DoubleValue,
    sampleCount: DoubleValue,
    sum: DoubleValue,
    timestamp: TimestampValue,
    unit: MetricUnit,
  },
  { name: 'MetricDatapoint' },
)

/** Data points, the oldest first. */
export const MetricDatapointList = list(MetricDatapoint, { name: 'MetricDatapointList' })
