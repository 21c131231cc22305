import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import type { DefaultRetention } from '../records/bucket.ts'
import { wholeDefaultRetention, withObjectLock } from './object-lock.ts'

describe('object lock of a bucket', () => {
  const versioned = bucketRecord({ versioning: 'Enabled' })
  const of = (period: Omit<DefaultRetention, 'mode'>): DefaultRetention => ({ mode: 'GOVERNANCE', ...period })

  it('has a default retention of one day to a hundred years, or none', () => {
    assert.deepEqual(withObjectLock(versioned, undefined).objectLock, { enabled: true })
    for (const period of [{ days: 1 }, { days: 36_500 }, { years: 1 }, { years: 100 }])
      assert.deepEqual(withObjectLock(versioned, of(period)).objectLock, {
        enabled: true,
        defaultRetention: of(period),
      })
    for (const [problem, ...periods] of [
      ['not-positive', { days: 0 }, { days: -1 }, { years: 0 }],
      ['too-long', { days: 36_501 }, { years: 101 }],
    ] as const)
      for (const period of periods)
        assert.throws(() => withObjectLock(versioned, of(period)), {
          kind: 'InvalidDefaultRetention',
          fields: { problem },
        })
  })

  it('needs versioning, whatever it had before', () => {
    for (const versioning of ['NeverEnabled', 'Suspended'] as const)
      assert.throws(() => withObjectLock(bucketRecord({ versioning }), undefined), {
        kind: 'ObjectLockNeedsVersioning',
      })
    const before = { ...versioned, objectLock: { enabled: true, defaultRetention: of({ days: 1 }) } } as const
    assert.deepEqual(withObjectLock(before, undefined).objectLock, { enabled: true })
  })

  it('has a default retention of a mode and either days or years', () => {
    const mode = 'COMPLIANCE'
    for (const whole of [
      { mode, days: 0 },
      { mode, years: 1 },
    ] as const)
      assert.deepEqual(wholeDefaultRetention({ days: undefined, years: undefined, ...whole }), whole)
    for (const part of [
      {},
      { mode },
      { days: 1 },
      { years: 1 },
      { days: 1, years: 1 },
      { mode, days: 1, years: 1 },
    ] as const)
      assert.throws(() => wholeDefaultRetention(part), {
        kind: 'InvalidDefaultRetention',
        fields: { problem: 'incomplete' },
      })
  })
})
