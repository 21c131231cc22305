import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ObjectRecord } from '../records/object.ts'
import {
  checkReadConditions,
  checkSourceConditions,
  oneWriteCondition,
  type ReadConditions,
} from './conditions.ts'

const AT = Date.UTC(2026, 0, 1, 0, 0, 5)
const record = { etag: 'e', lastModified: AT + 500 } as ObjectRecord
const NOW = AT + 5_200
const failedIn = (error: unknown) => (error as { fields: { condition: string } }).fields.condition
const readWith = (conditions: ReadConditions): string => {
  try {
    return checkReadConditions(conditions, record, NOW)
  } catch (error) {
    return failedIn(error)
  }
}
const copyWith = (conditions: ReadConditions): string => {
  try {
    checkSourceConditions(conditions, record, NOW)
    return 'proceed'
  } catch (error) {
    return failedIn(error)
  }
}

describe('a read', () => {
  const RULES: readonly (readonly [ReadConditions, outcome: string])[] = [
    [{}, 'proceed'],
    [{ ifMatch: ['e'] }, 'proceed'],
    [{ ifMatch: ['*'] }, 'proceed'],
    [{ ifMatch: ['x'] }, 'ifMatch'],
    [{ ifNoneMatch: ['e'] }, 'not-modified'],
    [{ ifNoneMatch: ['x'] }, 'proceed'],
    // Times in headers have whole seconds.
    [{ ifUnmodifiedSince: AT }, 'proceed'],
    [{ ifUnmodifiedSince: AT - 1_000 }, 'ifUnmodifiedSince'],
    [{ ifUnmodifiedSince: AT + 1_000 }, 'proceed'],
    [{ ifModifiedSince: AT }, 'not-modified'],
    [{ ifModifiedSince: AT - 1_000 }, 'proceed'],
    [{ ifModifiedSince: AT + 1_000 }, 'not-modified'],
    [{ ifModifiedSince: AT + 5_000 }, 'not-modified'],
    // A time that is still to come is none.
    [{ ifModifiedSince: AT + 6_000 }, 'proceed'],
    // ETags count before times.
    [{ ifMatch: ['e'], ifUnmodifiedSince: AT - 1_000 }, 'proceed'],
    [{ ifNoneMatch: ['x'], ifModifiedSince: AT }, 'proceed'],
    [{ ifNoneMatch: ['e'], ifModifiedSince: AT - 1_000 }, 'not-modified'],
  ]
  for (const [conditions, outcome] of RULES)
    it(`with ${JSON.stringify(conditions)} comes to ${outcome}`, () =>
      assert.equal(readWith(conditions), outcome))

  it('by a copy fails where a read would find nothing new, and says by which condition', () => {
    for (const [conditions, outcome] of RULES) {
      const fresh = conditions.ifNoneMatch ? 'ifNoneMatch' : 'ifModifiedSince'
      assert.equal(copyWith(conditions), outcome === 'not-modified' ? fresh : outcome)
    }
  })
})

describe('a write', () => {
  it('has one condition, or none', () => {
    for (const conditions of [{}, { ifMatch: ['e'] }, { ifNoneMatch: ['*'] }])
      assert.equal(oneWriteCondition(conditions), conditions)
    for (const ifNoneMatch of [['*'], ['x'], []])
      assert.throws(() => oneWriteCondition({ ifMatch: ['e'], ifNoneMatch }), { kind: 'TwoWriteConditions' })
  })
})
