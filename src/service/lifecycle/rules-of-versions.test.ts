import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import type { LifecycleRule } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import { dueAt, dueDeletion, type VersionInPlace } from './due-versions.ts'
import { expirationOf } from './expiration.ts'
import { commonPrefix, isSelected } from './rule-filter.ts'

const DAY = 86_400_000
const NOON = DAY / 2
const rule = (changes: Partial<LifecycleRule>): LifecycleRule => ({
  id: 'rule',
  status: 'Enabled',
  ...changes,
})

describe('a lifecycle rule', () => {
  const version = { objectKey: 'logs/a', sizeBytes: 100, tags: [{ key: 'team', value: 'a' }] }

  it('is about a version of which all of its conditions hold', () => {
    for (const [changes, isIt] of [
      [{}, true],
      [{ prefix: 'logs/' }, true],
      [{ prefix: 'logs/ab' }, false],
      [{ prefix: 'ogs' }, false],
      [{ sizeGreaterThanBytes: 99 }, true],
      [{ sizeGreaterThanBytes: 100 }, false],
      [{ sizeLessThanBytes: 101 }, true],
      [{ sizeLessThanBytes: 100 }, false],
      [{ tags: [{ key: 'team', value: 'a' }] }, true],
      [{ tags: [{ key: 'team', value: 'b' }] }, false],
      [{ tags: [{ key: 'other', value: 'a' }] }, false],
      [{ tags: [...version.tags, { key: 'more', value: '' }] }, false],
      [{ prefix: 'logs/', sizeGreaterThanBytes: 200 }, false],
    ] as const)
      assert.equal(isSelected(rule(changes), version), isIt, JSON.stringify(changes))
    const untagged = { objectKey: 'x', sizeBytes: 0 }
    assert.ok(isSelected(rule({ tags: [] }), untagged))
    assert.ok(!isSelected(rule({ tags: version.tags }), untagged))
    assert.ok(!isSelected(rule({ sizeGreaterThanBytes: 0 }), untagged))
  })

  it('shares the longest prefix with others, of whole characters', () => {
    const common = (...prefixes: (string | undefined)[]): string =>
      commonPrefix(prefixes.map((prefix) => rule(prefix === undefined ? {} : { prefix })))
    assert.equal(common(), '')
    assert.equal(common('logs/'), 'logs/')
    assert.equal(common('logs/2030', 'logs/2031', 'logs/20'), 'logs/20')
    assert.equal(common('a', 'b'), '')
    assert.equal(common('logs/', undefined), '')
    assert.equal(common('a😀', 'a😁'), 'a')
    assert.equal(common('ab', 'abc'), 'ab')
    assert.equal(common('abc', 'ab', 'abx'), 'ab')
  })

  it('falls due at the end of the day on which its days have passed', () => {
    assert.equal(dueAt(0, 1, DAY), DAY)
    assert.equal(dueAt(1, 1, DAY), 2 * DAY)
    assert.equal(dueAt(NOON, 3, DAY), 4 * DAY)
    assert.equal(dueAt(DAY, 0, DAY), DAY)
  })
})

describe('what lifecycle rules delete', () => {
  const record = {
    versionId: 'v1',
    etag: 'tag',
    sizeBytes: 100,
    lastModified: NOON,
    tags: [{ key: 'team', value: 'a' }],
  } as unknown as ObjectRecord
  const latest = {
    objectKey: 'logs/a',
    record,
    isLatest: true,
    noncurrentSince: null,
    newerNoncurrent: 0,
    isAlone: true,
  } as unknown as VersionInPlace
  const marker = { ...latest, record: { ...record, isDeleteMarker: true } } as VersionInPlace
  const old = { ...latest, isLatest: false, noncurrentSince: NOON, newerNoncurrent: 2 } as VersionInPlace
  const due = (rules: Partial<LifecycleRule>[], version: VersionInPlace, nowMs: number) =>
    dueDeletion(rules.map(rule), version, { nowMs, dayMs: DAY })
  const EXPIRED = { objectKey: 'logs/a', ifMatch: 'tag', ifMatchLastModified: NOON, ifMatchSizeBytes: 100 }
  const WHOLE = { objectKey: 'logs/a', versionId: 'v1' }
  const NONCURRENT = { ...WHOLE, ifNoncurrent: true }

  it('is the latest version from the day on, as it was looked at, and of what they are about alone', () => {
    const days = { expiration: { days: 1 } }
    assert.equal(due([days], latest, 2 * DAY - 1), null)
    assert.deepEqual(due([days], latest, 2 * DAY), EXPIRED)
    const date = { expiration: { date: 3 * DAY } }
    assert.equal(due([date], latest, 3 * DAY - 1), null)
    assert.deepEqual(due([date], latest, 3 * DAY), EXPIRED)
    assert.deepEqual(
      due(
        [
          { prefix: 'x', ...days },
          { prefix: 'logs', ...days },
        ],
        latest,
        2 * DAY,
      ),
      EXPIRED,
    )
    assert.equal(due([{ prefix: 'x', ...days }], latest, 9 * DAY), null)
    assert.deepEqual(due([{ tags: [{ key: 'team', value: 'a' }], ...days }], latest, 9 * DAY), EXPIRED)
    assert.equal(due([{}], latest, 9 * DAY), null)
    assert.equal(due([{ noncurrentVersionExpiration: { noncurrentDays: 1 } }], latest, 9 * DAY), null)
  })

  it('is a delete marker that stands alone, when a rule says so or what it stands for would have expired', () => {
    const said = { expiration: { expiredObjectDeleteMarker: true } }
    assert.deepEqual(due([said], marker, NOON), WHOLE)
    assert.equal(due([said], { ...marker, isAlone: false }, 9 * DAY), null)
    assert.equal(due([said], latest, 9 * DAY), null)
    assert.equal(due([{ expiration: { expiredObjectDeleteMarker: false } }], marker, 9 * DAY), null)
    assert.equal(due([{ expiration: { days: 1 } }], marker, 2 * DAY - 1), null)
    assert.deepEqual(due([{ expiration: { days: 1 } }], marker, 2 * DAY), WHOLE)
  })

  it('is a noncurrent version when its days have passed, and as many newer ones are there as are kept', () => {
    const since = { noncurrentVersionExpiration: { noncurrentDays: 1 } }
    assert.equal(due([since], old, 2 * DAY - 1), null)
    assert.deepEqual(due([since], old, 2 * DAY), NONCURRENT)
    const kept = (newerNoncurrentVersions: number) => [
      { noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions } },
    ]
    assert.deepEqual(due(kept(2), old, 2 * DAY), NONCURRENT)
    assert.equal(due(kept(3), old, 9 * DAY), null)
    assert.equal(due([since], { ...old, noncurrentSince: null }, 9 * DAY), null)
    assert.equal(due([{ expiration: { days: 1 } }], old, 9 * DAY), null)
    const versions = { noncurrentVersionExpiration: { newerNoncurrentVersions: 2 } }
    assert.deepEqual(due([versions], old, DAY), NONCURRENT)
    assert.equal(due([versions], { ...old, newerNoncurrent: 1 }, 9 * DAY), null)
  })

  it('is told of an object beforehand: the first time, and by which rule', () => {
    const context = memoryContext()
    assert.equal(context.settings.lifecycleDayMs, DAY)
    const told = (lifecycle: readonly LifecycleRule[]) =>
      expirationOf(context, bucketRecord({ lifecycle }), 'logs/a', record)
    assert.equal(expirationOf(context, bucketRecord(), 'logs/a', record), null)
    assert.deepEqual(told([rule({ expiration: { days: 1 } })]), { at: 2 * DAY, ruleId: 'rule' })
    assert.deepEqual(told([rule({ expiration: { date: 5 * DAY } })]), { at: 5 * DAY, ruleId: 'rule' })
    assert.equal(told([rule({ status: 'Disabled', expiration: { days: 1 } })]), null)
    assert.equal(told([rule({ prefix: 'x', expiration: { days: 1 } })]), null)
    assert.equal(told([rule({})]), null)
    const [late, soon, asSoon] = [
      rule({ id: 'late', expiration: { days: 9 } }),
      rule({ id: 'soon', expiration: { days: 1 }, tags: [{ key: 'team', value: 'a' }] }),
      rule({ id: 'as soon', expiration: { date: 2 * DAY } }),
    ]
    assert.deepEqual(told([late, soon, asSoon]), { at: 2 * DAY, ruleId: 'soon' })
    assert.deepEqual(told([asSoon, soon, late]), { at: 2 * DAY, ruleId: 'as soon' })
  })
})
