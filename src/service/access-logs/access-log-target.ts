import type { AccessLogTarget } from '../../base/exchange.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** Where a bucket's access log goes; undefined when it is off. */
export function accessLogTarget(bucket: BucketRecord): AccessLogTarget | undefined {
  const { accessLog } = bucket
  if (accessLog?.enabled !== true || accessLog.destination === undefined) return undefined
  return {
    bucketName: bucket.name,
    ownerAccountId: bucket.accountId,
    region: bucket.region,
    destination: accessLog.destination,
    prefix: accessLog.prefix ?? '',
  }
}
