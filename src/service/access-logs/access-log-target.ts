import type { BucketRecord } from '../records/bucket.ts'

/** Whose requests are logged, and where the log goes. */
export interface AccessLogTarget {
  readonly bucketName: string
  readonly ownerAccountId: string
  readonly region: string
  /** Name of the bucket that takes the log objects. */
  readonly destination: string
  /** What their keys begin with; may be empty. */
  readonly prefix: string
}

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
