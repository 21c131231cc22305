import { DAY_MS } from '../../base/milliseconds.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { RuleAction, RuleDays } from '../errors/lifecycle.ts'
import type { LifecycleRule } from '../records/bucket.ts'

const ID_LENGTH_MAX = 255
const DAYS_MAX = 2 ** 31 - 1
const NEWER_VERSIONS_MAX = 100

/** Checks rules as S3 does. Throws an error of errors/lifecycle.ts that names the rule. */
export function checkLifecycleRules(rules: readonly LifecycleRule[]): void {
  const ids = new Set<string>()
  for (const rule of rules) {
    if (rule.id.length > ID_LENGTH_MAX) throw new DomainError('RuleIdTooLong', { lengthMax: ID_LENGTH_MAX })
    if (ids.has(rule.id)) throw new DomainError('RuleIdRepeated', { ruleId: rule.id })
    ids.add(rule.id)
    checkFilter(rule)
    checkActions(rule)
  }
  checkTogether(rules)
}

function checkFilter({ id, tags = [], sizeGreaterThanBytes, sizeLessThanBytes }: LifecycleRule): void {
  if (
    sizeGreaterThanBytes !== undefined &&
    sizeLessThanBytes !== undefined &&
    sizeLessThanBytes <= sizeGreaterThanBytes
  )
    throw new DomainError('RuleSizesCrossed', { ruleId: id })
  for (const [size, sizeBytes] of [
    ['sizeGreaterThanBytes', sizeGreaterThanBytes],
    ['sizeLessThanBytes', sizeLessThanBytes],
  ] as const)
    if (sizeBytes !== undefined && sizeBytes < 0)
      throw new DomainError('RuleSizeNegative', { ruleId: id, size, got: sizeBytes })
  if (new Set(tags.map(({ key }) => key)).size !== tags.length)
    throw new DomainError('RuleTagRepeated', { ruleId: id })
}

/** What rules may not be beside each other: with a Prefix of the older form and with a Filter; of the older form, for the same keys twice. */
function checkTogether(rules: readonly LifecycleRule[]): void {
  const older = rules.filter((rule) => rule.hasTopLevelPrefix === true)
  if (older.length === 0) return
  if (older.length < rules.length) throw new DomainError('RuleFormsMixed')
  // Sorted, whatever begins with a rule's prefix follows it directly.
  const sorted = older.toSorted((left, right) => ((left.prefix ?? '') < (right.prefix ?? '') ? -1 : 1))
  const reached = new Map<RuleAction, LifecycleRule>()
  for (const rule of sorted)
    for (const action of actionsOf(rule)) {
      const previous = reached.get(action)
      if (previous && (rule.prefix ?? '').startsWith(previous.prefix ?? ''))
        throw new DomainError('RulePrefixesOverlap', {
          prefix: previous.prefix ?? '',
          otherPrefix: rule.prefix ?? '',
          action,
        })
      reached.set(action, rule)
    }
}

function actionsOf(rule: LifecycleRule): readonly RuleAction[] {
  return [
    ...(rule.expiration ? (['expiration'] as const) : []),
    ...(rule.noncurrentVersionExpiration ? (['noncurrentVersionExpiration'] as const) : []),
    ...(rule.abortIncompleteMultipartUpload ? (['abortIncompleteMultipartUpload'] as const) : []),
  ]
}

function checkActions(rule: LifecycleRule): void {
  const { id, expiration, noncurrentVersionExpiration, abortIncompleteMultipartUpload } = rule
  if (!expiration && !noncurrentVersionExpiration && !abortIncompleteMultipartUpload)
    throw new DomainError('RuleWithoutAction', { ruleId: id })
  if (expiration) checkExpiration(id, expiration)
  if (
    expiration?.expiredObjectDeleteMarker !== undefined &&
    (rule.tags || rule.sizeGreaterThanBytes !== undefined || rule.sizeLessThanBytes !== undefined)
  )
    throw new DomainError('RuleSelectsTooFinely', { ruleId: id, what: 'expiredObjectDeleteMarker' })
  if (noncurrentVersionExpiration) {
    const { noncurrentDays, newerNoncurrentVersions } = noncurrentVersionExpiration
    checkDays(id, 'noncurrentDays', noncurrentDays)
    if (
      newerNoncurrentVersions !== undefined &&
      (newerNoncurrentVersions < 1 || newerNoncurrentVersions > NEWER_VERSIONS_MAX)
    )
      throw new DomainError('NewerVersionsOutOfRange', {
        ruleId: id,
        got: newerNoncurrentVersions,
        countMax: NEWER_VERSIONS_MAX,
      })
  }
  if (abortIncompleteMultipartUpload) {
    checkDays(id, 'daysAfterInitiation', abortIncompleteMultipartUpload.daysAfterInitiation)
    if (rule.tags || rule.sizeGreaterThanBytes !== undefined || rule.sizeLessThanBytes !== undefined)
      throw new DomainError('RuleSelectsTooFinely', { ruleId: id, what: 'abortIncompleteMultipartUpload' })
  }
}

function checkExpiration(id: string, expiration: NonNullable<LifecycleRule['expiration']>): void {
  const { days, date, expiredObjectDeleteMarker } = expiration
  const given = [days, date, expiredObjectDeleteMarker].filter((value) => value !== undefined)
  if (given.length !== 1) throw new DomainError('ExpirationAmbiguous', { ruleId: id })
  if (date !== undefined) checkRuleDate(id, date)
  if (days !== undefined) checkDays(id, 'days', days)
}

/** Rules name days. Throws `RuleDateNotMidnight` for an instant (epoch milliseconds) within one. */
export function checkRuleDate(id: string, date: number): void {
  if (date % DAY_MS !== 0) throw new DomainError('RuleDateNotMidnight', { ruleId: id, date })
}

function checkDays(ruleId: string, days: RuleDays, got: number | undefined): void {
  if (got === undefined) throw new DomainError('RuleDaysMissing', { ruleId, days })
  if (got < 1 || got > DAYS_MAX) throw new DomainError('RuleDaysOutOfRange', { ruleId, days, got })
}
