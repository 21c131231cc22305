import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { newOperationRecord } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import { canChangeBundle, checkBundleId } from './bundles.ts'
import { changeBucket } from './change-bucket.ts'

/**
 * Changes a bucket's bundle, which is allowed once in a calendar month (UTC); a new bucket may change at once. Throws `NoSuchBucket`,
 * `NoSuchBundle`, `SameBundle`, and `BundleChangedThisMonth`.
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
      throw new DomainError('SameBundle', { bucketName, bundleId })
    }
    if (!canChangeBundle(record.bundleChangedAt, now)) {
      const next = new Date(now)
      const nextChangeAt = Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1)
      throw new DomainError('BundleChangedThisMonth', { bucketName, nextChangeAt })
    }
    return {
      record: { ...record, bundleId, bundleChangedAt: now },
      operation: newOperationRecord(context, caller, bucketName, 'UpdateBucketBundle', bundleId),
    }
  })
  return operation
}
