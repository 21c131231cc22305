import { ServiceError } from '../errors.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectRecord, Retention } from '../records/object.ts'

const DAY_MS = 86_400_000

interface LockRequest {
  readonly retention?: Retention
  readonly legalHold?: boolean
}

/** Throws `AccessDenied` when a version must not be removed now. Delete markers are never locked. */
export function checkRemovable(record: ObjectRecord, nowMs: number, bypassGovernance: boolean): void {
  if (record.legalHold === true)
    throw new ServiceError('AccessDenied', 'The object version is under legal hold.')
  const { retention } = record
  if (!retention || retention.retainUntil <= nowMs) return
  if (retention.mode === 'GOVERNANCE' && bypassGovernance) return
  throw new ServiceError('AccessDenied', `The object version is retained in ${retention.mode} mode.`)
}

/** Throws `InvalidRequest` unless the bucket was made with object lock. */
export function checkHasObjectLock(bucket: BucketRecord): void {
  if (!bucket.objectLock)
    throw new ServiceError('InvalidRequest', 'Bucket is missing Object Lock Configuration')
}

/** Throws `InvalidArgument` when the date does not lie ahead. */
export function checkRetainUntil(retention: Retention, nowMs: number): void {
  if (!(retention.retainUntil > nowMs))
    throw new ServiceError('InvalidArgument', 'The retain until date must be in the future!')
}

/** Throws `InvalidRequest` and `InvalidArgument` when an object made now cannot have the lock asked for. */
export function checkLockRequest(bucket: BucketRecord, asked: LockRequest, nowMs: number): void {
  if (asked.retention === undefined && asked.legalHold === undefined) return
  checkHasObjectLock(bucket)
  if (asked.retention) checkRetainUntil(asked.retention, nowMs)
}

/** The lock of an object made now: as asked for, else the bucket's default. */
export function lockOfNewObject(bucket: BucketRecord, asked: LockRequest, nowMs: number): LockRequest {
  const retention = asked.retention ?? defaultRetention(bucket, nowMs)
  return {
    ...(retention && { retention }),
    ...(asked.legalHold !== undefined && { legalHold: asked.legalHold }),
  }
}

function defaultRetention(bucket: BucketRecord, nowMs: number): Retention | undefined {
  const rule = bucket.objectLock?.defaultRetention
  if (!rule) return undefined
  if (rule.days !== undefined) return { mode: rule.mode, retainUntil: nowMs + rule.days * DAY_MS }
  const until = new Date(nowMs)
  until.setUTCFullYear(until.getUTCFullYear() + (rule.years ?? 0))
  return { mode: rule.mode, retainUntil: until.getTime() }
}
