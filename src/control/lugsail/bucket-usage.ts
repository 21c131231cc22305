import {
  USAGE_DAYS_DEFAULT,
  type getBucketUsage as getBucketUsageOperation,
} from '../../model/lugsail/get-bucket-usage.ts'
import { readBucketDays } from '../../service/usage/bucket-days.ts'
import type { OperationHandler } from '../operation-handler.ts'

/** Shows what a bucket holds and transfers. Throws `NotFoundException`. */
export const handleGetBucketUsage: OperationHandler<typeof getBucketUsageOperation> = async (
  { service, caller },
  { bucketName, days = USAGE_DAYS_DEFAULT },
) => {
  const usage = await readBucketDays(service, caller, { bucketName, days })
  return {
    ...usage,
    days: usage.days.map(({ began, ...day }) => ({
      day: new Date(began).toISOString().slice(0, 10),
      ...day,
    })),
  }
}
