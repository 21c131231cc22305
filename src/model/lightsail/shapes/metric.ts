import { enumeration, integer, list, structure } from '../../shape.ts'
import { DoubleValue, TimestampValue } from './primitives.ts'

export const BucketMetricName = enumeration(['BucketSizeBytes', 'NumberOfObjects'], {
  name: 'BucketMetricName',
})

export const MetricPeriod = integer({ name: 'MetricPeriod', min: 60, max: 86400 })

export const MetricStatistic = enumeration(['Minimum', 'Maximum', 'Sum', 'Average', 'SampleCount'], {
  name: 'MetricStatistic',
})

export const MetricStatisticList = list(MetricStatistic, { name: 'MetricStatisticList' })

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

export const MetricDatapoint = structure(
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

export const MetricDatapointList = list(MetricDatapoint, { name: 'MetricDatapointList' })
