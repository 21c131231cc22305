import type { LifecycleRule } from '../records/bucket.ts'
import type { ObjectTag } from '../records/object.ts'

/** What a rule looks at to tell whether it is about a version. */
interface FilteredVersion {
  readonly objectKey: string
  readonly sizeBytes: number
  readonly tags?: readonly ObjectTag[]
}

/** Whether a rule is about this version: all of its conditions hold. */
export function isSelected(
  rule: LifecycleRule,
  { objectKey, sizeBytes, tags = [] }: FilteredVersion,
): boolean {
  return (
    objectKey.startsWith(rule.prefix ?? '') &&
    (rule.sizeGreaterThanBytes === undefined || sizeBytes > rule.sizeGreaterThanBytes) &&
    (rule.sizeLessThanBytes === undefined || sizeBytes < rule.sizeLessThanBytes) &&
    (rule.tags ?? []).every((wanted) =>
      tags.some(({ key: name, value }) => name === wanted.key && value === wanted.value),
    )
  )
}

/** The longest prefix that the keys of all rules share: nothing else need be looked at. */
export function commonPrefix(rules: readonly LifecycleRule[]): string {
  const [first = '', ...others] = rules.map(({ prefix = '' }) => Array.from(prefix))
  let length = first.length
  for (const other of others) {
    let same = 0
    while (same < length && first[same] === other[same]) same++
    length = same
  }
  return Array.from(first).slice(0, length).join('')
}
