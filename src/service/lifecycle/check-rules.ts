import { DAY_MS } from '../../base/milliseconds.ts'
import { ServiceError } from '../errors.ts'
import type { LifecycleRule } from '../records/bucket.ts'

const ID_LENGTH_MAX = 255
const DAYS_MAX = 2 ** 31 - 1
const NEWER_VERSIONS_MAX = 100

/** Checks rules as S3 does. Throws `InvalidArgument` and `InvalidRequest`, naming the rule. */
export function checkLifecycleRules(rules: readonly LifecycleRule[]): void {
  const ids = new Set<string>()
  for (const rule of rules) {
    if (rule.id.length > ID_LENGTH_MAX)
      throw invalid(`ID length should not exceed allowed limit of ${ID_LENGTH_MAX}`)
    if (ids.has(rule.id))
      throw invalid(`Rule ID must be unique. Found same ID for more than one rule: ${rule.id}`)
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
    throw new ServiceError(
      'InvalidRequest',
      `'ObjectSizeLessThan' must be greater than 'ObjectSizeGreaterThan'; rule ${id}`,
    )
  for (const [name, sizeBytes] of [
    ['ObjectSizeGreaterThan', sizeGreaterThanBytes],
    ['ObjectSizeLessThan', sizeLessThanBytes],
  ] as const)
    if (sizeBytes !== undefined && sizeBytes < 0)
      throw invalid(`'${name}' must not be negative, got ${sizeBytes}; rule ${id}`)
  if (new Set(tags.map(({ key }) => key)).size !== tags.length)
    throw new ServiceError('InvalidRequest', `Duplicate Tag Keys are not allowed; rule ${id}`)
}

/** What rules may not be beside each other: with a Prefix of the older form and with a Filter; of the older form, for the same keys twice. */
function checkTogether(rules: readonly LifecycleRule[]): void {
  const older = rules.filter((rule) => rule.hasTopLevelPrefix === true)
  if (older.length === 0) return
  if (older.length < rules.length)
    throw new ServiceError(
      'InvalidRequest',
      'Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.',
    )
  // Sorted, whatever begins with a rule's prefix follows it directly.
  const sorted = older.toSorted((left, right) => ((left.prefix ?? '') < (right.prefix ?? '') ? -1 : 1))
  const reached = new Map<string, LifecycleRule>()
  for (const rule of sorted)
    for (const action of actionsOf(rule)) {
      const previous = reached.get(action)
      if (previous && (rule.prefix ?? '').startsWith(previous.prefix ?? ''))
        throw new ServiceError(
          'InvalidRequest',
          `Found overlapping prefixes '${previous.prefix ?? ''}' and '${rule.prefix ?? ''}' for same action type '${action}'`,
        )
      reached.set(action, rule)
    }
}

function actionsOf(rule: LifecycleRule): readonly string[] {
  return [
    ...(rule.expiration ? ['Expiration'] : []),
    ...(rule.noncurrentVersionExpiration ? ['NoncurrentVersionExpiration'] : []),
    ...(rule.abortIncompleteMultipartUpload ? ['AbortIncompleteMultipartUpload'] : []),
  ]
}

function checkActions(rule: LifecycleRule): void {
  const { id, expiration, noncurrentVersionExpiration, abortIncompleteMultipartUpload } = rule
  if (!expiration && !noncurrentVersionExpiration && !abortIncompleteMultipartUpload)
    throw new ServiceError(
      'InvalidRequest',
      `At least one action needs to be specified in a rule; rule ${id}`,
    )
  if (expiration) checkExpiration(id, expiration)
  if (
    expiration?.expiredObjectDeleteMarker !== undefined &&
    (rule.tags || rule.sizeGreaterThanBytes !== undefined || rule.sizeLessThanBytes !== undefined)
  )
    throw new ServiceError(
      'InvalidRequest',
      `ExpiredObjectDeleteMarker cannot be specified with tags or sizes; rule ${id}`,
    )
  if (noncurrentVersionExpiration) {
    const { noncurrentDays, newerNoncurrentVersions } = noncurrentVersionExpiration
    checkDays(id, 'NoncurrentDays', noncurrentDays)
    if (
      newerNoncurrentVersions !== undefined &&
      (newerNoncurrentVersions < 1 || newerNoncurrentVersions > NEWER_VERSIONS_MAX)
    )
      throw invalid(
        `NewerNoncurrentVersions must be 1–${NEWER_VERSIONS_MAX}, got ${newerNoncurrentVersions}; rule ${id}`,
      )
  }
  if (abortIncompleteMultipartUpload) {
    checkDays(id, 'DaysAfterInitiation', abortIncompleteMultipartUpload.daysAfterInitiation)
    if (rule.tags || rule.sizeGreaterThanBytes !== undefined || rule.sizeLessThanBytes !== undefined)
      throw new ServiceError(
        'InvalidRequest',
        `AbortIncompleteMultipartUpload cannot be specified with tags or sizes; rule ${id}`,
      )
  }
}

function checkExpiration(id: string, expiration: NonNullable<LifecycleRule['expiration']>): void {
  const { days, date, expiredObjectDeleteMarker } = expiration
  const given = [days, date, expiredObjectDeleteMarker].filter((value) => value !== undefined)
  if (given.length !== 1)
    throw new ServiceError(
      'MalformedXML',
      `Expiration takes one of Days, Date and ExpiredObjectDeleteMarker; rule ${id}`,
    )
  if (date !== undefined) checkRuleDate(id, date)
  if (days !== undefined) checkDays(id, 'Days', days)
}

/** Rules name days. Throws `InvalidArgument` for an instant (epoch milliseconds) within one. */
export function checkRuleDate(id: string, date: number): void {
  if (date % DAY_MS !== 0)
    throw invalid(`'Date' must be at midnight GMT, got ${new Date(date).toISOString()}; rule ${id}`)
}

function checkDays(id: string, name: string, days: number | undefined): void {
  if (days === undefined) throw new ServiceError('MalformedXML', `${name} must be specified; rule ${id}`)
  if (days < 1 || days > DAYS_MAX)
    throw invalid(`'${name}' must be a positive integer, got ${days}; rule ${id}`)
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidArgument', message)
}
