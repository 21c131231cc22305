import type { ServiceContext } from '../context.ts'
import type { LifecycleRule } from '../records/bucket.ts'
import type { DeleteObjectInput } from '../objects/delete-object.ts'
import type { ListedVersion } from '../objects/list-object-versions.ts'
import { isSelected } from './rule-filter.ts'

/** A version with what its neighbours among the versions of its object say about it. */
export interface VersionInPlace extends ListedVersion {
  /** When the next newer version came and made this one noncurrent; null for the latest. */
  readonly noncurrentSince: number | null
  /** How many noncurrent versions of the object are newer. */
  readonly newerNoncurrent: number
  /** The object has no other version. */
  readonly isAlone: boolean
}

/** What time it is for lifecycle rules, and how long their days are. */
export interface RuleClock {
  /** Epoch milliseconds. */
  readonly nowMs: number
  /** How long a rule's day lasts; rules fall due at its whole multiples, as S3's do at midnight UTC. */
  readonly dayMs: number
}

/** How long a day of the rules lasts here. */
export const dayMsOf = ({ settings }: Pick<ServiceContext, 'settings'>): number => settings.lifecycleDayMs

/** What has to be deleted for a version to be as the rules want it; null: nothing. */
export function dueDeletion(
  rules: readonly LifecycleRule[],
  version: VersionInPlace,
  clock: RuleClock,
): DeleteObjectInput | null {
  const { objectKey, record } = version
  const facts = { objectKey, sizeBytes: record.sizeBytes, ...(record.tags && { tags: record.tags }) }
  for (const rule of rules) {
    if (!isSelected(rule, facts)) continue
    if (!version.isLatest) {
      // Newer ones may be deleted meanwhile, and it be what clients read again.
      if (isNoncurrentDue(rule, version, clock))
        return { objectKey, versionId: record.versionId, ifNoncurrent: true }
    } else if (record.isDeleteMarker === true) {
      if (version.isAlone && isMarkerDue(rule, record.lastModified, clock))
        return { objectKey, versionId: record.versionId }
    } else if (isExpired(rule, record.lastModified, clock)) {
      // The object as it was looked at: one that was written meanwhile stays.
      return {
        objectKey,
        ifMatch: record.etag,
        ifMatchLastModified: record.lastModified,
        ifMatchSizeBytes: record.sizeBytes,
      }
    }
  }
  return null
}

/** The end of the day on which `days` have passed. */
export function dueAt(since: number, days: number, dayMs: number): number {
  return Math.ceil((since + days * dayMs) / dayMs) * dayMs
}

function isExpired({ expiration }: LifecycleRule, since: number, { nowMs, dayMs }: RuleClock): boolean {
  if (expiration?.date !== undefined) return nowMs >= expiration.date
  return expiration?.days !== undefined && nowMs >= dueAt(since, expiration.days, dayMs)
}

/** S3 removes a marker that hides nothing when a rule says so, and where the object it stands for would have expired. */
function isMarkerDue(rule: LifecycleRule, since: number, clock: RuleClock): boolean {
  return rule.expiration?.expiredObjectDeleteMarker === true || isExpired(rule, since, clock)
}

function isNoncurrentDue(rule: LifecycleRule, version: VersionInPlace, clock: RuleClock): boolean {
  const { noncurrentVersionExpiration } = rule
  if (!noncurrentVersionExpiration || version.noncurrentSince === null) return false
  const { noncurrentDays = 0, newerNoncurrentVersions = 0 } = noncurrentVersionExpiration
  return (
    version.newerNoncurrent >= newerNoncurrentVersions &&
    clock.nowMs >= dueAt(version.noncurrentSince, noncurrentDays, clock.dayMs)
  )
}
