import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'

/**
 * The bucket with versioning switched, by whichever API. A Lightsail bucket whose objects could be made public one by one is private again then,
 * as Lightsail does; in S3's own ACLs alone decide, which stay. Throws `VersioningNeededByObjectLock`.
 */
export function withVersioning(record: BucketRecord, versioning: 'Enabled' | 'Suspended'): BucketRecord {
  if (versioning === record.versioning) return record
  if (versioning === 'Suspended' && record.objectLock) throw new DomainError('VersioningNeededByObjectLock')
  const switched = { ...record, versioning }
  if (record.origin !== 'lightsail') return switched
  return { ...switched, accessRules: { ...record.accessRules, allowPublicOverrides: false } }
}
