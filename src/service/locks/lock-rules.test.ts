import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { checkLockRequest } from './lock-rules.ts'

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
