import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'

/** What a write of a version tells. */
export interface WrittenVersion {
  /** To be shown: present only when the bucket keeps versions (versioning Enabled). */
  readonly versionId?: string
  readonly record: ObjectRecord
}

/** The version id as a read shows it: not in a bucket that never had versioning. */
export const shownVersionId = (bucket: BucketRecord, record: ObjectRecord): { readonly versionId?: string } =>
  bucket.versioning === 'NeverEnabled' ? {} : { versionId: record.versionId }
