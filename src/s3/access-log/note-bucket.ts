import type { ExchangeFacts } from '../../api/exchange.ts'
import { accessLogTarget } from '../../service/access-logs/access-log-target.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'

/** Notes whose bucket a request is about, as soon as it was read: refused requests are logged and metered too. */
export function noteBucket(facts: ExchangeFacts, bucket: BucketRecord): void {
  facts.bucketId = bucket.bucketId
  facts.bucketRegion = bucket.region
  facts.bucketOwnerAccountId = bucket.accountId
  const target = accessLogTarget(bucket)
  if (target) facts.accessLog = target
}
