import type { ServiceContext } from '../context.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import { dayMsOf, dueAt } from './due-versions.ts'
import { isSelected } from './rule-filter.ts'

/** When a bucket's rules let an object expire. */
interface Expiration {
  /** Epoch milliseconds. */
  readonly at: number
  readonly ruleId: string
}

/** The first expiration that the rules have in store for the current version of an object; null when none. Looks at nothing but its arguments. */
export function expirationOf(
  context: ServiceContext,
  { lifecycle }: BucketRecord,
  objectKey: string,
  { sizeBytes, tags, lastModified }: ObjectRecord,
): Expiration | null {
  if (!lifecycle) return null
  const facts = { objectKey, sizeBytes, ...(tags && { tags }) }
  let first: Expiration | null = null
  for (const rule of lifecycle) {
    const { id, status, expiration } = rule
    const { days, date } = expiration ?? {}
    const at = date ?? (days === undefined ? null : dueAt(lastModified, days, dayMsOf(context)))
    if (at === null || status !== 'Enabled' || (first && first.at <= at)) continue
    if (isSelected(rule, facts)) first = { at, ruleId: id }
  }
  return first
}
