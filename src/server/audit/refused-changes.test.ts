import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditEntry } from './audit-line.ts'
import { RefusedChanges } from './refused-changes.ts'

const entry = (accessKeyId: string, outcome: AuditEntry['outcome'] = 'failed'): AuditEntry => ({
  source: 's3',
  operation: 'PutBucketPolicy',
  accessKeyId,
  outcome,
})

describe('changes that a key was refused', () => {
  it('are told of up to a number in a minute, and the last one says until when others are left out', () => {
    const refused = new RefusedChanges()
    const told = Array.from({ length: 500 }, () => refused.admit(entry('AKIA1'), 1_000)).filter(
      (one) => one !== null,
    )
    assert.equal(told.length, 120)
    assert.equal(told.at(-1)?.refusalsLeftOutUntil, '1970-01-01T00:01:01.000Z')
    assert.equal(told.at(-2)?.refusalsLeftOutUntil, undefined)
    assert.equal(refused.admit(entry('AKIA1'), 60_999), null)
    assert.deepEqual(refused.admit(entry('AKIA1'), 61_000), entry('AKIA1'))
  })

  it('keep nothing back of other keys, nor of what the key really changed', () => {
    const refused = new RefusedChanges()
    for (let time = 0; time < 500; time++) refused.admit(entry('AKIA1'), 0)
    assert.deepEqual(refused.admit(entry('AKIA2'), 0), entry('AKIA2'))
    for (let time = 0; time < 500; time++)
      assert.deepEqual(refused.admit(entry('AKIA1', 'succeeded'), 0), entry('AKIA1', 'succeeded'))
  })
})
