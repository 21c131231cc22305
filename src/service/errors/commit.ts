import type { NoFields } from './no-fields.ts'

/** Of changes that others were in the way of: the same request later has a chance, and nothing was changed. */
export interface CommitErrors {
  /** Others kept changing what the request is about for as long as it may take. */
  RecordBusy: NoFields
  /** Others kept locking versions in a bucket that is to be deleted. */
  LocksBusy: NoFields
}
