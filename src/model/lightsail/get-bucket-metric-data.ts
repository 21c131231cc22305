import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from './errors.ts'
import {
  BucketMetricName,
  MetricDatapointList,
  MetricPeriod,
  MetricStatisticList,
  MetricUnit,
} from './shapes/metric.ts'
import { BucketName, IsoDate } from './shapes/primitives.ts'

/** Shows the size or the object count of a bucket, day by day. */
export const getBucketMetricData = operation('GetBucketMetricData', {
  doc: 'Shows how a metric of a bucket went over time, one point a day.',
  input: structure(
    {
      bucketName: required(BucketName),
      metricName: required(BucketMetricName, {
        doc: 'BucketSizeBytes counts the bytes stored, NumberOfObjects the objects; both count old versions and unfinished uploads.',
      }),
      startTime: required(IsoDate, { doc: 'The first moment of the data.' }),
      endTime: required(IsoDate, { doc: 'The moment the data ends before.' }),
      period: required(MetricPeriod, {
        doc: 'Seconds that each point covers, from 60 to 86400; points are kept daily, so 86400 suits.',
      }),
      statistics: required(MetricStatisticList, { doc: 'What to compute of each period.' }),
      unit: required(MetricUnit, {
        doc: 'The unit of the response: Bytes for BucketSizeBytes, Count for NumberOfObjects.',
      }),
    },
    { name: 'GetBucketMetricDataRequest' },
  ),
  output: structure(
    { metricName: BucketMetricName, metricData: MetricDatapointList },
    { name: 'GetBucketMetricDataResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
