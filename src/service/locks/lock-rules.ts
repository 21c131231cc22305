import { DAY_MS } from '../../base/milliseconds.ts'
import { DomainError, type DomainErrors } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectRecord, Retention } from '../records/object.ts'

interface LockRequest {
  readonly retention?: Retention
  readonly legalHold?: boolean
}

/**
 * What keeps a version from being removed now; null: nothing does. Whoever removes versions or their bytes asks here, whatever it acts for: requests,
 * lifecycle rules, the deletion of a bucket, the background. `bypassGovernance`: GOVERNANCE retention does not count. Delete markers are never
 * locked.
 */
export function lockOf(
  { legalHold, retention }: Pick<ObjectRecord, 'legalHold' | 'retention'>,
  nowMs: number,
  bypassGovernance = false,
): 'legal hold' | Retention['mode'] | null {
  if (legalHold === true) return 'legal hold'
  if (!retention || retention.retainUntil <= nowMs) return null
  return retention.mode === 'GOVERNANCE' && bypassGovernance ? null : retention.mode
}

/** Throws `VersionLocked` when a version must not be removed now, as {@link lockOf} tells. */
export function checkRemovable(record: ObjectRecord, nowMs: number, bypassGovernance: boolean): void {
  const lock = lockOf(record, nowMs, bypassGovernance)
  if (lock === null) return
  throw new DomainError('VersionLocked', { lock })
}

/**
 * Throws `NothingToBypass` where a request says whether locks are to be passed by, whichever of the two, and the bucket can have none. `bypass`:
 * what it says.
 */
export function checkBypass(bucket: BucketRecord, bypass: boolean | undefined): void {
  if (bypass !== undefined && !bucket.objectLock) throw new DomainError('NothingToBypass')
}

/** Throws `BucketWithoutObjectLock` unless the bucket was made with object lock. */
export function checkHasObjectLock(bucket: BucketRecord): void {
  if (!bucket.objectLock) throw new DomainError('BucketWithoutObjectLock')
}

/** A retention out of its two halves; undefined: neither is given. Throws `RetentionIncomplete` for one without the other. */
export function wholeRetention(
  { mode, retainUntil }: { readonly [Half in keyof Retention]: Retention[Half] | undefined },
  of: DomainErrors['RetentionIncomplete']['of'],
): Retention | undefined {
  if (mode === undefined && retainUntil === undefined) return undefined
  if (mode === undefined || retainUntil === undefined)
    throw new DomainError('RetentionIncomplete', { of, mode })
  return { mode, retainUntil }
}

/** Throws `RetainUntilPast` when the date does not lie ahead. */
export function checkRetainUntil(retention: Retention, nowMs: number): void {
  if (!(retention.retainUntil > nowMs)) throw new DomainError('RetainUntilPast')
}

/** Throws `BucketWithoutObjectLock` and `RetainUntilPast` when an object made now cannot have the lock asked for. */
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

/** Whether an object made now is locked from its beginning, because its maker asks for it or by the bucket's default. */
export function isLockedFromBeginning(bucket: BucketRecord, asked: LockRequest): boolean {
  return (
    asked.retention !== undefined ||
    asked.legalHold !== undefined ||
    bucket.objectLock?.defaultRetention !== undefined
  )
}

function defaultRetention(bucket: BucketRecord, nowMs: number): Retention | undefined {
  const rule = bucket.objectLock?.defaultRetention
  if (!rule) return undefined
  if (rule.days !== undefined) return { mode: rule.mode, retainUntil: nowMs + rule.days * DAY_MS }
  const until = new Date(nowMs)
  until.setUTCFullYear(until.getUTCFullYear() + (rule.years ?? 0))
  return { mode: rule.mode, retainUntil: until.getTime() }
}
