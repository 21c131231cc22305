import type { Retention } from '../records/object.ts'
import type { NoFields } from './no-fields.ts'

/** Of object lock. */
export interface LockErrors {
  /** The bucket was not made with object lock. */
  BucketWithoutObjectLock: NoFields
  /** The version has no retention, or no hold was ever set. */
  NoSuchLock: NoFields
  VersionLocked: { readonly lock: 'legal hold' | Retention['mode'] }
  /** A `mode` without a date, or a date without a mode; `of`: asked for with a new object, or of a version that is there. */
  RetentionIncomplete: { readonly of: 'new-object' | 'version'; readonly mode: Retention['mode'] | undefined }
  RetainUntilPast: NoFields
  /** What a bucket's new versions are to be locked for. */
  InvalidDefaultRetention: { readonly problem: 'incomplete' | 'not-positive' | 'too-long' }
  /** A key of the bucket cannot lift what the account set. */
  LegalHoldOfAccount: NoFields
  /** A key of the bucket asks for less than the bucket's default. */
  RetentionBelowDefault: NoFields
  /** The bypass is asked for where there is no object lock. */
  NothingToBypass: NoFields
}
