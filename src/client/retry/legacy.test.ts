import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { TransportError } from '../errors.ts'
import { AdaptiveRetry } from './adaptive.ts'
import { createRetryPolicy } from './index.ts'
import { LegacyRetry } from './legacy.ts'
import { StandardRetry } from './standard.ts'

const around = { clock: new ManualClock(), random: () => 0.5 }
const legacy = (attemptsMax?: number) => createRetryPolicy('legacy', attemptsMax, around)

describe('the mode legacy', () => {
  it('tries five times, with waits that double from a part of a second', () => {
    const policy = legacy()
    assert.equal(policy.delayBeforeSendMs(), 0)
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((attempt) => policy.decide({ status: 500 }, attempt)),
      [
        ...[500, 1_000, 2_000, 4_000].map((delayMs) => ({ isRetried: true, delayMs })),
        { isRetried: false, isExhausted: true },
      ],
    )
    assert.deepEqual(legacy(1).decide({ status: 503 }, 1), { isRetried: false, isExhausted: true })
    assert.equal(legacy(7).decide({ status: 503 }, 6).isRetried, true)
  })

  it('tries what passes: statuses, connections that broke, and being asked too often', () => {
    const isRetried = (status: number, errorCode?: string): boolean =>
      legacy().decide({ status, errorCode }, 1).isRetried
    for (const status of [429, 500, 502, 503, 504, 509]) assert.equal(isRetried(status), true, String(status))
    for (const status of [200, 400, 403, 404, 501, 505])
      assert.equal(isRetried(status), false, String(status))
    for (const code of [
      'Throttling',
      'ThrottlingException',
      'ThrottledException',
      'RequestThrottledException',
      'ProvisionedThroughputExceededException',
    ]) {
      assert.equal(isRetried(400, code), true, code)
      assert.equal(isRetried(403, code), false, code)
    }
    assert.equal(isRetried(400, 'InvalidInputException'), false)
    const failure = Object.create(TransportError.prototype) as TransportError
    assert.equal(legacy().decide({ failure }, 1).isRetried, true)
    assert.deepEqual(legacy().decide({ status: 404 }, 5), { isRetried: false, isExhausted: false })
  })
})

describe('the mode that is named', () => {
  it('is the one that decides', () => {
    assert.ok(legacy() instanceof LegacyRetry)
    assert.ok(createRetryPolicy('standard', undefined, around) instanceof StandardRetry)
    assert.ok(createRetryPolicy('adaptive', undefined, around) instanceof AdaptiveRetry)
  })
})
