import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { newOperationRecord } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import { canChangeBundle, checkBundleId } from './bundles.ts'
import { changeBucket } from './change-bucket.ts'

/**
 * Changes a bucket's bundle, which is allowed once in a calendar month (UTC); a new bucket may change at once. Throws `NotFoundException`, and
 * `InvalidInputException` for an unknown bundle, the present one, and a second change in the month.
 */
export async function updateBucketBundle(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  bundleId: string,
): Promise<OperationRecord> {
  checkBundleId(bundleId)
  const { operation } = await changeBucket(context, caller, bucketName, (record) => {
    const now = context.clock.now()
    if (record.bundleId === bundleId) {
      throw new ServiceError(
        'InvalidInputException',
        `The bucket ${bucketName} has the bundle ${bundleId} already`,
      )
    }
    if (!canChangeBundle(record.bundleChangedAt, now)) {
      const next = new Date(now)
      const cycleStart = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1))
      throw new ServiceError(
        'InvalidInputException',
        `The bundle of the bucket ${bucketName} was changed in this monthly billing cycle already; it can be changed again from ${cycleStart.toISOString().slice(0, 10)} (UTC)`,
      )
    }
    return {
      record: { ...record, bundleId, bundleChangedAt: now },
      operation: newOperationRecord(context, caller, bucketName, 'UpdateBucketBundle', bundleId),
    }
  })
  return operation
}
