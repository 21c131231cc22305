import { DAY_MS } from '../../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { roleScope } from '../authorization/within-scope.ts'
import type { Principal } from '../principal.ts'
import type { DefaultRetention } from '../records/bucket.ts'
import type { Retention } from '../records/object.ts'
import { checkRetentionOfKey, retentionOfCompletion } from './bucket-key-locks.ts'

const NOW = Date.UTC(2030, 0, 1)

const key: Principal = {
  type: 'bucket-key',
  accountId: '123456789012',
  accessKeyId: 'AKIA0EXAMPLE',
  bucketName: 'bucket',
  bucketId: 'bucket-id',
}
const role: Principal = {
  type: 'role',
  accountId: '123456789012',
  accessKeyId: 'ASIA0EXAMPLE',
  name: 'job',
  roleId: 'AROA0EXAMPLE',
  sessionName: 'run-1',
  scope: roleScope({ rights: ['full'] }, { roleId: 'AROA0EXAMPLE', session: null }),
  parent: null,
}
const account: Principal = { type: 'account', accountId: '123456789012', accessKeyId: 'AKIA1EXAMPLE' }

const bucketWith = (defaultRetention: DefaultRetention) =>
  bucketRecord({ versioning: 'Enabled', objectLock: { enabled: true, defaultRetention } })
const days = (mode: Retention['mode'], count: number): Retention => ({
  mode,
  retainUntil: NOW + count * DAY_MS,
})

describe('the default retention of a bucket', () => {
  const table: readonly [rule: DefaultRetention, asked: Retention, isTaken: boolean][] = [
    [{ mode: 'COMPLIANCE', days: 1 }, days('COMPLIANCE', 0.01), false],
    [{ mode: 'COMPLIANCE', days: 1 }, days('COMPLIANCE', 0.95), true],
    [{ mode: 'COMPLIANCE', days: 30 }, days('COMPLIANCE', 28), false],
    [{ mode: 'COMPLIANCE', days: 30 }, days('COMPLIANCE', 29), true],
    [{ mode: 'COMPLIANCE', days: 30 }, days('GOVERNANCE', 400), false],
    [{ mode: 'GOVERNANCE', days: 30 }, days('COMPLIANCE', 10), false],
    [{ mode: 'GOVERNANCE', days: 30 }, days('COMPLIANCE', 31), true],
  ]
  for (const [rule, asked, isTaken] of table)
    it(`${rule.mode} of ${rule.days} days ${isTaken ? 'lets' : 'does not let'} a key ask for ${asked.mode} of ${(asked.retainUntil - NOW) / DAY_MS}`, () => {
      const bucket = bucketWith(rule)
      const check = (principal: Principal) => checkRetentionOfKey(principal, bucket, asked, NOW)
      for (const bound of [key, role])
        if (isTaken) check(bound)
        else assert.throws(() => check(bound), { kind: 'RetentionBelowDefault' })
      check(account)
    })

  it('takes the place of what a key’s upload was begun with, where that has become less', () => {
    const bucket = bucketWith({ mode: 'COMPLIANCE', days: 30 })
    const complete = (principal: Principal, asked: Retention | undefined) =>
      retentionOfCompletion(principal, bucket, asked, NOW)
    assert.deepEqual(complete(key, days('COMPLIANCE', 1)), days('COMPLIANCE', 30))
    assert.deepEqual(complete(key, days('COMPLIANCE', -1)), days('COMPLIANCE', 30))
    assert.deepEqual(complete(key, days('GOVERNANCE', 90)), days('COMPLIANCE', 30))
    assert.deepEqual(complete(key, days('COMPLIANCE', 90)), days('COMPLIANCE', 90))
    assert.deepEqual(complete(account, days('GOVERNANCE', 1)), days('GOVERNANCE', 1))
    assert.equal(complete(key, undefined), undefined)
  })
})
