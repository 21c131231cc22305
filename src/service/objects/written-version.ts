import type { ObjectRecord } from '../records/object.ts'

/** What a write of a version tells. */
export interface WrittenVersion {
  /** To be shown: present only when the bucket keeps versions (versioning Enabled). */
  readonly versionId?: string
  readonly record: ObjectRecord
}
