import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { checkBypass, checkLockRequest, wholeRetention } from './lock-rules.ts'

const NOW = Date.UTC(2030, 0, 1)
const locking = bucketRecord({ objectLock: { enabled: true } })
const retention = { mode: 'GOVERNANCE', retainUntil: NOW + 1 } as const

describe('a lock that is asked for a new object', () => {
  for (const asked of [{ retention }, { legalHold: true }, { legalHold: false }])
    it(`is refused where the bucket has no object lock: ${Object.keys(asked).join()}`, () => {
      assert.throws(() => checkLockRequest(bucketRecord(), asked, NOW))
      checkLockRequest(locking, asked, NOW)
    })

  it('ends later than now', () => {
    assert.throws(() => checkLockRequest(locking, { retention: { ...retention, retainUntil: NOW } }, NOW))
  })

  it('need not be there', () => {
    checkLockRequest(bucketRecord(), {}, NOW)
  })
})

describe('a retention', () => {
  const { mode, retainUntil } = retention

  it('is a mode and a date, or is not there', () => {
    assert.deepEqual(wholeRetention({ mode, retainUntil }, 'new-object'), retention)
    assert.deepEqual(wholeRetention({ mode, retainUntil: 0 }, 'version'), { mode, retainUntil: 0 })
    assert.equal(wholeRetention({ mode: undefined, retainUntil: undefined }, 'version'), undefined)
  })

  for (const of of ['new-object', 'version'] as const)
    for (const [what, half] of [
      ['a mode without a date', { mode, retainUntil: undefined }],
      ['a date without a mode', { mode: undefined, retainUntil }],
    ] as const)
      it(`is not ${what}, of a ${of}`, () =>
        assert.throws(() => wholeRetention(half, of), {
          kind: 'RetentionIncomplete',
          fields: { of, mode: half.mode },
        }))
})

it('locks can be passed by, or be said not to be, only where there may be some', () => {
  for (const bypass of [undefined, false, true]) checkBypass(locking, bypass)
  checkBypass(bucketRecord(), undefined)
  for (const bypass of [false, true])
    assert.throws(() => checkBypass(bucketRecord(), bypass), { kind: 'NothingToBypass' })
})
