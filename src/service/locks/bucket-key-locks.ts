import { DAY_MS } from '../../base/milliseconds.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectDescription, ObjectRecord, Retention } from '../records/object.ts'
import { lockOfNewObject } from './lock-rules.ts'

/** By how much a key may fall short of the default retention, a tenth of it at most: its holder's clock may be wrong, and days are whole. */
const TOLERANCE_MS_MAX = DAY_MS

/**
 * Who has a key, or took a role, and is not the account itself, acts in the account's bucket; what the account locked, they may lock longer and not unlock.
 * A role is not the account either when the account's own key took it.
 */
const isKey = ({ type }: Principal): boolean => type !== 'account' && type !== 'anonymous'

/** What a new version is told of its hold: whose it is to lift. Empty unless a key sets one. */
export function holderOf(
  principal: Principal,
  legalHold: boolean | undefined,
): Pick<ObjectDescription, 'isHeldByKey'> {
  return legalHold === true && isKey(principal) ? { isHeldByKey: true } : {}
}

/**
 * The record with its hold set or lifted. A hold that the account sets is the account's, also over one that a key set; a key lifts what keys set, and
 * no other. Throws `LegalHoldOfAccount`.
 */
export function withLegalHold(record: ObjectRecord, principal: Principal, legalHold: boolean): ObjectRecord {
  const { isHeldByKey, ...others } = record
  const isAccounts = record.legalHold === true && isHeldByKey !== true
  if (isAccounts && isKey(principal)) {
    if (legalHold) return record
    throw new DomainError('LegalHoldOfAccount')
  }
  return { ...others, legalHold, ...holderOf(principal, legalHold) }
}

/** The account says how long versions are kept that ask for nothing else: a key may ask for more, not for less. Throws `RetentionBelowDefault`. */
export function checkRetentionOfKey(
  principal: Principal,
  bucket: BucketRecord,
  asked: Retention | undefined,
  nowMs: number,
): void {
  if (!asked || !isKey(principal)) return
  const { retention } = lockOfNewObject(bucket, {}, nowMs)
  if (retention && isLess(asked, retention, nowMs)) throw new DomainError('RetentionBelowDefault')
}

/**
 * The retention of a version that a key makes out of an upload. What the upload was begun with may have become less than the default since: time went
 * by, or the account set another default. The version then has the default, rather than none of what came late being stored.
 */
export function retentionOfCompletion(
  principal: Principal,
  bucket: BucketRecord,
  asked: Retention | undefined,
  nowMs: number,
): Retention | undefined {
  if (!asked || !isKey(principal)) return asked
  const { retention } = lockOfNewObject(bucket, {}, nowMs)
  return retention && isLess(asked, retention, nowMs) ? retention : asked
}

function isLess(asked: Retention, least: Retention, nowMs: number): boolean {
  if (least.mode === 'COMPLIANCE' && asked.mode === 'GOVERNANCE') return true
  const toleranceMs = Math.min((least.retainUntil - nowMs) / 10, TOLERANCE_MS_MAX)
  return asked.retainUntil < least.retainUntil - toleranceMs
}
