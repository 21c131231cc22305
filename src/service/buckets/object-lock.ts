import { RETENTION_DAYS_MAX, RETENTION_YEARS_MAX } from '../../model/s3/shapes/object-lock.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord, DefaultRetention } from '../records/bucket.ts'

/**
 * The bucket with object lock and, where given, the retention that new versions get. Throws `InvalidDefaultRetention`, and
 * `ObjectLockNeedsVersioning`.
 */
export function withObjectLock(
  record: BucketRecord,
  defaultRetention: DefaultRetention | undefined,
): BucketRecord {
  if (defaultRetention) checkPeriod(defaultRetention)
  if (record.versioning !== 'Enabled') throw new DomainError('ObjectLockNeedsVersioning')
  return { ...record, objectLock: { enabled: true, ...(defaultRetention && { defaultRetention }) } }
}

/**
 * A default retention out of what is given of it. Throws `InvalidDefaultRetention` without a mode, and for both or none of days and years.
 */
export function wholeDefaultRetention({
  mode,
  days,
  years,
}: { readonly [Part in keyof DefaultRetention]?: DefaultRetention[Part] | undefined }): DefaultRetention {
  if (mode === undefined || (days === undefined) === (years === undefined))
    throw new DomainError('InvalidDefaultRetention', { problem: 'incomplete' })
  return { mode, ...(days !== undefined && { days }), ...(years !== undefined && { years }) }
}

function checkPeriod({ days = 1, years = 1 }: DefaultRetention): void {
  if (days < 1 || years < 1) throw new DomainError('InvalidDefaultRetention', { problem: 'not-positive' })
  if (days > RETENTION_DAYS_MAX || years > RETENTION_YEARS_MAX)
    throw new DomainError('InvalidDefaultRetention', { problem: 'too-long' })
}
