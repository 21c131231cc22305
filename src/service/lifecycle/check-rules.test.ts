import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DomainErrorKind } from '../errors/domain-error.ts'
import type { LifecycleRule } from '../records/bucket.ts'
import { checkLifecycleRules } from './check-rules.ts'

type Given = Partial<LifecycleRule>

const EXPIRE: Given = { expiration: { days: 1 } }
const MARKERS: Given = { expiration: { expiredObjectDeleteMarker: true } }
const OLDER: Given = { noncurrentVersionExpiration: { noncurrentDays: 1 } }
const ABORT: Given = { abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }
const older = (prefix: string): Given => ({ prefix, hasTopLevelPrefix: true })
const tag = (key: string, value = 'v') => ({ key, value })

const rulesOf = (given: readonly Given[]): LifecycleRule[] =>
  given.map((rule, at) => ({ id: String(at), status: 'Enabled', ...rule }))

describe('lifecycle rules are taken that', () => {
  const taken: Readonly<Record<string, readonly Given[]>> = {
    'have overlapping filters': [
      { ...EXPIRE, prefix: 'a' },
      { ...EXPIRE, prefix: 'ab' },
    ],
    'have older prefixes that overlap for different actions': [
      { ...EXPIRE, ...older('a') },
      { ...OLDER, ...older('ab') },
      { ...ABORT, ...older('a') },
    ],
    'have older prefixes that do not overlap': [
      { ...EXPIRE, ...older('dir/a') },
      { ...EXPIRE, ...older('dir/b') },
      { ...EXPIRE, ...older('di-') },
    ],
    'name tags with different keys and sizes that leave something': [
      { ...EXPIRE, tags: [tag('a'), tag('b')], sizeGreaterThanBytes: 1, sizeLessThanBytes: 3 },
    ],
  }
  for (const [title, given] of Object.entries(taken)) it(title, () => checkLifecycleRules(rulesOf(given)))
})

describe('lifecycle rules are refused that', () => {
  const refused: Readonly<Record<string, readonly [DomainErrorKind, ...Given[]]>> = {
    'expire delete markers by tag': ['RuleSelectsTooFinely', { ...MARKERS, tags: [tag('a')] }],
    'expire delete markers by size': ['RuleSelectsTooFinely', { ...MARKERS, sizeGreaterThanBytes: 5 }],
    'mix the older prefix and filters': [
      'RuleFormsMixed',
      { ...EXPIRE, ...older('a') },
      { ...EXPIRE, prefix: 'b' },
    ],
    'have overlapping older prefixes for one action': [
      'RulePrefixesOverlap',
      { ...EXPIRE, ...older('dir/') },
      { ...OLDER, ...older('diq') },
      { ...EXPIRE, ...older('di') },
    ],
    'have the empty older prefix beside another': [
      'RulePrefixesOverlap',
      { ...EXPIRE, ...older('') },
      { ...EXPIRE, ...older('z') },
    ],
    'have the same older prefix twice': [
      'RulePrefixesOverlap',
      { ...EXPIRE, ...older('a') },
      { ...EXPIRE, ...older('a') },
    ],
    'leave no size': ['RuleSizesCrossed', { ...EXPIRE, sizeGreaterThanBytes: 100, sizeLessThanBytes: 50 }],
    'have a negative size': ['RuleSizeNegative', { ...EXPIRE, sizeGreaterThanBytes: -1 }],
    'name a tag key twice': ['RuleTagRepeated', { ...EXPIRE, tags: [tag('a', '1'), tag('a', '2')] }],
  }
  for (const [title, [kind, ...given]] of Object.entries(refused))
    it(title, () => assert.throws(() => checkLifecycleRules(rulesOf(given)), { kind }))
})
