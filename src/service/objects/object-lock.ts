import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { ObjectRecord, Retention } from '../records/object.ts'
import { withLegalHold } from '../locks/bucket-key-locks.ts'
import { findPermitted } from '../versions/find-version.ts'
import type { PermittedAddress } from '../versions/find-version.ts'
import { checkHasObjectLock, checkRetainUntil } from '../locks/lock-rules.ts'
import { rewriteVersion } from '../versions/rewrite-version.ts'

/** A version's retention. Errors as openObject; `BucketWithoutObjectLock`; `NoSuchLock`. */
export async function getObjectRetention(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  address: PermittedAddress,
): Promise<Retention> {
  const { retention } = await lockableVersion(context, admission, address)
  if (!retention) throw new DomainError('NoSuchLock')
  return retention
}

/**
 * Sets a version's retention (null removes it). COMPLIANCE may only be made longer; GOVERNANCE may be made shorter, weaker or removed with
 * `bypassGovernance`. Errors as openObject; `VersionLocked`; `BucketWithoutObjectLock`;
 * `RetainUntilPast`.
 */
export async function putObjectRetention(
  context: ServiceContext,
  admission: Admission,
  input: PermittedAddress & { readonly retention: Retention | null; readonly bypassGovernance?: boolean },
): Promise<{ readonly versionId?: string }> {
  const { retention, bypassGovernance = false } = input
  checkHasObjectLock(admission.bucket.record)
  if (retention) checkRetainUntil(retention, context.clock.now())
  return await rewriteVersion(context, admission, input, (record) => {
    checkRetentionChange(record, retention, { nowMs: context.clock.now(), bypassGovernance })
    return retention ? { ...record, retention } : withoutRetention(record)
  })
}

/** Whether a version is under legal hold. Errors as openObject; `BucketWithoutObjectLock`; `NoSuchLock` (never set). */
export async function getObjectLegalHold(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  address: PermittedAddress,
): Promise<boolean> {
  const { legalHold } = await lockableVersion(context, admission, address)
  if (legalHold === undefined) throw new DomainError('NoSuchLock')
  return legalHold
}

/** Puts a version under legal hold or lifts it. Errors as openObject and withLegalHold; `BucketWithoutObjectLock`. */
export async function putObjectLegalHold(
  context: ServiceContext,
  admission: Admission,
  input: PermittedAddress & { readonly legalHold: boolean },
): Promise<{ readonly versionId?: string }> {
  checkHasObjectLock(admission.bucket.record)
  return await rewriteVersion(context, admission, input, (record) =>
    withLegalHold(record, admission.principal, input.legalHold),
  )
}

async function lockableVersion(
  context: ServiceContext,
  { bucket: { record: bucket } }: Pick<Admission, 'bucket'>,
  address: PermittedAddress,
): Promise<ObjectRecord> {
  checkHasObjectLock(bucket)
  const { stored } = await findPermitted(context, bucket, address)
  return stored.record
}

const withoutRetention = ({ retention: _removed, ...record }: ObjectRecord): ObjectRecord => record

function checkRetentionChange(
  { retention: earlier }: ObjectRecord,
  wanted: Retention | null,
  { nowMs, bypassGovernance }: { readonly nowMs: number; readonly bypassGovernance: boolean },
): void {
  if (!earlier || earlier.retainUntil <= nowMs) return
  const isWeaker =
    !wanted ||
    wanted.retainUntil < earlier.retainUntil ||
    (earlier.mode === 'COMPLIANCE' && wanted.mode !== 'COMPLIANCE')
  // S3 lets nobody change the mode of a version under GOVERNANCE retention without the bypass, to the stronger one neither.
  const isOtherMode = wanted !== null && wanted.mode !== earlier.mode
  if (!isWeaker && !isOtherMode) return
  if (earlier.mode === 'GOVERNANCE' && bypassGovernance) return
  throw new DomainError('VersionLocked', { lock: earlier.mode })
}
