import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AdaptiveRetry } from './adaptive.ts'
import type { AttemptOutcome } from './policy.ts'

const OK: AttemptOutcome = { status: 200 }
const THROTTLED: AttemptOutcome = { status: 400, errorCode: 'ThrottlingException' }

/** A client whose clock goes on as `at` says. */
function clientAt() {
  let nowMs = 0
  const retry = new AdaptiveRetry(undefined, () => 0.5, { now: () => nowMs })
  return {
    retry,
    at: (seconds: number): void => void (nowMs = Math.round(seconds * 1000)),
    /** How many calls a second it lets go, seen by what each one of many at once waits longer than the one before it. */
    rate: (): number => {
      const waits = Array.from({ length: 40 }, () => retry.delayBeforeSendMs())
      return 1000 / ((waits.at(-1) ?? 0) - (waits.at(-2) ?? 0))
    },
  }
}

describe('the rate of sending in the retry mode adaptive', () => {
  // As the AWS SDKs' common description of the mode has it, which they all test themselves by.
  const steps: readonly (readonly [isThrottled: boolean, atSeconds: number, rate: number | undefined])[] = [
    [false, 0.2, undefined],
    [false, 0.4, undefined],
    [false, 0.6, undefined],
    [false, 0.8, undefined],
    [false, 1.0, undefined],
    [false, 1.2, undefined],
    [false, 1.4, undefined],
    [false, 1.6, undefined],
    [false, 1.8, undefined],
    [true, 2.0, 3.02848],
    [false, 2.2, 3.486639],
    [false, 2.4, 3.821874],
    [false, 2.6, 4.053386],
    [false, 2.8, 4.200373],
    [false, 3.0, 4.282037],
    [true, 3.2, 2.997426],
    [false, 3.4, 3.452226],
  ]
  it('goes along the curve that the SDKs have in common', () => {
    const { retry, at, rate } = clientAt()
    for (const [isThrottled, seconds, expected] of steps) {
      at(seconds)
      retry.decide(isThrottled ? THROTTLED : OK, 1)
      if (expected === undefined) assert.equal(retry.delayBeforeSendMs(), 0)
      else assert.ok(Math.abs(rate() - expected) < 1e-5, `${rate()} at ${seconds}, not ${expected}`)
    }
  })
})
