import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TransportError } from '../errors.ts'
import { AdaptiveRetry } from './adaptive.ts'
import { createRetryPolicy } from './index.ts'
import { LegacyRetry } from './legacy.ts'
import type { AttemptOutcome, RetryMode, RetryPolicy } from './policy.ts'
import { StandardRetry } from './standard.ts'

const HALF = (): number => 0.5
let nowMs = 0
const clock = { now: () => nowMs }
const policy = (mode: RetryMode, attemptsMax?: number): RetryPolicy =>
  createRetryPolicy(mode, attemptsMax, { clock, random: HALF })

const failed = (kind: TransportError['kind']): AttemptOutcome => ({
  failure: new TransportError(kind, 'no response'),
})
const THROTTLED: AttemptOutcome = { status: 400, errorCode: 'ThrottlingException' }

/** The waits before the retries of one call whose every attempt ends alike, and whether it was given up for want of attempts. */
function waits(retry: RetryPolicy, outcome: AttemptOutcome): { delays: number[]; isExhausted: boolean } {
  const delays: number[] = []
  for (let attempt = 1; ; attempt++) {
    const decision = retry.decide(outcome, attempt)
    if (!decision.isRetried) return { delays, isExhausted: decision.isExhausted }
    delays.push(decision.delayMs)
  }
}

test('each retry mode has its own policy', () => {
  const made = (['legacy', 'standard', 'adaptive'] as const).map((mode) => policy(mode).constructor)
  assert.deepEqual(made, [LegacyRetry, StandardRetry, AdaptiveRetry])
})

describe('retry mode legacy', () => {
  test('tries five times, with random waits of up to 1, 2, 4 and 8 seconds', () => {
    assert.deepEqual(waits(policy('legacy'), { status: 500 }), {
      delays: [500, 1000, 2000, 4000],
      isExhausted: true,
    })
  })

  test('tries as often as the setting says', () => {
    assert.equal(waits(policy('legacy', 1), { status: 500 }).delays.length, 0)
    assert.equal(waits(policy('legacy', 7), { status: 500 }).delays.length, 6)
  })

  for (const [outcome, isRetried] of [
    [{ status: 429 }, true],
    [{ status: 502 }, true],
    [{ status: 503 }, true],
    [{ status: 504 }, true],
    [{ status: 509 }, true],
    [THROTTLED, true],
    [failed('closed'), true],
    [failed('connect'), true],
    [{ status: 501 }, false],
    [{ status: 200 }, false],
    [{ status: 400, errorCode: 'SlowDown' }, false],
    [{ status: 400, errorCode: 'InvalidInputException' }, false],
    [{ status: 403, errorCode: 'ThrottlingException' }, false],
  ] as const) {
    test(`${isRetried ? 'tries again' : 'does not try again'} after ${JSON.stringify(outcome)}`, () => {
      assert.equal(policy('legacy').decide(outcome, 1).isRetried, isRetried)
    })
  }
})

describe('retry mode standard', () => {
  test('tries three times, with random waits of up to 1 and 2 seconds', () => {
    assert.deepEqual(waits(policy('standard'), { status: 503 }), { delays: [500, 1000], isExhausted: true })
  })

  test('waits 20 seconds at most', () => {
    assert.equal(Math.max(...waits(policy('standard', 10), { status: 503 }).delays), 10_000)
  })

  test('knows throttling by its code, whatever the status', () => {
    assert.equal(
      policy('standard').decide({ status: 403, errorCode: 'RequestLimitExceeded' }, 1).isRetried,
      true,
    )
    assert.equal(policy('standard').decide({ status: 429 }, 1).isRetried, false)
  })

  test('stops when the retries that all calls share are used up, and goes on after successes', () => {
    const retry = policy('standard', 1000)
    assert.equal(waits(retry, { status: 503 }).delays.length, 100)
    assert.deepEqual(waits(retry, { status: 503 }), { delays: [], isExhausted: false })
    for (let success = 0; success < 5; success++) retry.decide({ status: 200 }, 1)
    assert.notEqual(waits(retry, { status: 503 }).delays.length, 0)
  })

  test('counts a retry after a timeout twice', () => {
    assert.equal(waits(policy('standard', 1000), failed('read-timeout')).delays.length, 50)
  })
})

describe('retry mode adaptive', () => {
  test('does not wait before a call until the service throttles', () => {
    const retry = policy('adaptive')
    for (let call = 0; call < 100; call++) {
      assert.equal(retry.delayBeforeSendMs(), 0)
      retry.decide({ status: 200 }, 1)
    }
  })

  test('sends at 0.7 of the rate at which it was throttled, and faster again later', () => {
    nowMs = 0
    const retry = policy('adaptive')
    // Ten calls a second for four seconds.
    for (; nowMs < 4000; nowMs += 100) {
      retry.delayBeforeSendMs()
      retry.decide({ status: 200 }, 1)
    }
    retry.decide(THROTTLED, 1)
    const throttled = Array.from({ length: 20 }, () => retry.delayBeforeSendMs()).at(-1) ?? 0
    assert.ok(throttled > 1000, `20 calls at once have to wait, the last one got ${throttled} ms`)
    nowMs += 30_000
    retry.decide({ status: 200 }, 1)
    nowMs += 1000
    assert.equal(retry.delayBeforeSendMs(), 0)
  })

  test('gives up as standard does', () => {
    assert.deepEqual(waits(policy('adaptive'), { status: 503 }), { delays: [500, 1000], isExhausted: true })
  })
})
