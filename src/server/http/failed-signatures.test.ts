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

  it('is not held off for a key that was used rightly from there before anything was wrong, however long ago', () => {
    const { signatures, clock, fail } = world(3)
    signatures.noteVerified('2001:db8::1', 'AKIAGOOD')
    for (let minute = 1; minute < 5; minute++) {
      clock.nowMs = minute * 60_000
      fail('2001:db8::bad', 5)
      assert.ok(!signatures.isHeldOff('2001:db8::1', 'AKIAGOOD'))
      assert.ok(signatures.isHeldOff('2001:db8::1', 'AKIAOTHER'))
    }
  })

  it('remembers so many keys at most, and those that were used last', () => {
    const { signatures, fail } = world(1)
    for (let n = 0; n < 20_000; n++) {
      signatures.noteVerified('192.0.2.1', `AKIA${n}`)
      signatures.noteVerified('192.0.2.1', 'AKIAOFTEN')
    }
    fail('192.0.2.1', 1)
    assert.ok(signatures.isHeldOff('192.0.2.1', 'AKIA0'))
    for (const key of ['AKIA19999', 'AKIAOFTEN']) assert.ok(!signatures.isHeldOff('192.0.2.1', key))
  })

  it('is never held off without a limit', () => {
    const { signatures, fail } = world(0)
    fail('192.0.2.1', 10)
    assert.ok(!signatures.isHeldOff('192.0.2.1', 'AKIA1'))
  })
})
