import { enumeration, structure } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { IntegerValue, IsoDate } from './primitives.ts'

/** Whether a retention can be lifted by who has the right to (GOVERNANCE), or by nobody. */
const RetentionMode = enumeration(['GOVERNANCE', 'COMPLIANCE'])

/** Whether a version is held regardless of its retention. */
const LegalHoldStatus = enumeration(['ON', 'OFF'])

/** The headers that lock a version: mode, the end of its retention, legal hold. */
export const objectLockHeaders = {
  ObjectLockMode: inHeader('x-amz-object-lock-mode', RetentionMode),
  ObjectLockRetainUntilDate: inHeader('x-amz-object-lock-retain-until-date', IsoDate),
  ObjectLockLegalHoldStatus: inHeader('x-amz-object-lock-legal-hold', LegalHoldStatus),
}

/** The longest default retention, given in days: a hundred years. */
export const RETENTION_DAYS_MAX = 36_500

/** The longest default retention, given in years. */
export const RETENTION_YEARS_MAX = 100

/** Whether versions of a bucket can be locked, and the retention that new ones get. */
export const ObjectLockConfiguration = structure(
  {
    ObjectLockEnabled: enumeration(['Enabled']),
    Rule: structure({
      DefaultRetention: structure({ Mode: RetentionMode, Days: IntegerValue, Years: IntegerValue }),
    }),
  },
  { name: 'ObjectLockConfiguration' },
)

/** How long, and how strictly, a version is kept. */
export const Retention = structure({ Mode: RetentionMode, RetainUntilDate: IsoDate }, { name: 'Retention' })

/** A hold on a version, without an end. */
export const LegalHold = structure({ Status: LegalHoldStatus }, { name: 'LegalHold' })
