import type { getBucketMetricData as getBucketMetricDataOperation } from '../../model/lightsail/get-bucket-metric-data.ts'
import { getBucketMetrics } from '../../service/buckets/metrics.ts'
import type { OperationHandler } from '../operation-handler.ts'

/**
 * Shows a metric of a bucket, a point for each day. Throws `NotFoundException`, and `InvalidInputException` for times that make no range.
 */
export const handleGetBucketMetricData: OperationHandler<typeof getBucketMetricDataOperation> = async (
  { service, caller },
  input,
) => ({ metricName: input.metricName, metricData: await getBucketMetrics(service, caller, input) })
