import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FailedSignatures } from './failed-signatures.ts'

function world(perMinuteMax: number) {
  const clock = { nowMs: 0 }
  const heldOff: string[] = []
  const signatures = new FailedSignatures({
    perMinuteMax,
    nowMs: () => clock.nowMs,
    onHeldOff: (address) => heldOff.push(address),
  })
  const fail = (address: string, times: number) => {
    for (let time = 0; time < times; time++) signatures.noteRefused(address)
  }
  return { signatures, clock, heldOff, fail }
}

describe('an address whose signatures are wrong', () => {
  it('is held off for the rest of a minute once there were too many, and told of once', () => {
    const { signatures, clock, heldOff, fail } = world(3)
    fail('192.0.2.1', 2)
    assert.ok(!signatures.isHeldOff('192.0.2.1', 'AKIA1'))
    fail('192.0.2.1', 5)
    assert.ok(signatures.isHeldOff('192.0.2.1', 'AKIA1'))
    assert.ok(!signatures.isHeldOff('192.0.2.2', 'AKIA1'))
    assert.deepEqual(heldOff, ['192.0.2.1'])
    clock.nowMs = 60_000
    assert.ok(!signatures.isHeldOff('192.0.2.1', 'AKIA1'))
  })

  it('is not held off for a key that was used rightly from there', () => {
    const { signatures, fail } = world(3)
    fail('192.0.2.1', 1)
    signatures.noteVerified('192.0.2.1', 'AKIAGOOD')
    fail('192.0.2.1', 5)
    assert.ok(!signatures.isHeldOff('192.0.2.1', 'AKIAGOOD'))
    assert.ok(signatures.isHeldOff('192.0.2.1', 'AKIABAD'))
  })

  it('is never held off without a limit', () => {
    const { signatures, fail } = world(0)
    fail('192.0.2.1', 10)
    assert.ok(!signatures.isHeldOff('192.0.2.1', 'AKIA1'))
  })
})
