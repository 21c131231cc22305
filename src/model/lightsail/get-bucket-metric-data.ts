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

export const getBucketMetricData = operation('GetBucketMetricData', {
  input: structure(
    {
      bucketName: required(BucketName),
      metricName: required(BucketMetricName),
      startTime: required(IsoDate),
      endTime: required(IsoDate),
      period: required(MetricPeriod),
      statistics: required(MetricStatisticList),
      unit: required(MetricUnit),
    },
    { name: 'GetBucketMetricDataRequest' },
  ),
  output: structure(
    { metricName: BucketMetricName, metricData: MetricDatapointList },
    { name: 'GetBucketMetricDataResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
