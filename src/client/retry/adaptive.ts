import type { Clock } from '../../base/clock.ts'
import { THROTTLING_CODES } from './policy.ts'
import type { AttemptOutcome, Random, RetryDecision, RetryPolicy } from './policy.ts'
import { StandardRetry } from './standard.ts'

const CUBIC_SCALE = 0.4
/** What a throttled rate is cut to. */
const CUT = 0.7
const SMOOTHING = 0.8
const RATE_MIN = 0.5
const BUCKETS_PER_SECOND = 2

/**
 * The mode `adaptive`: as `standard`, and once the service has throttled, the client holds its own rate of sending down. The rate
 * is cut at each throttling and grows back along a cubic curve, as TCP CUBIC does (RFC 9438).
 */
export class AdaptiveRetry implements RetryPolicy {
  readonly #standard: StandardRetry
  readonly #clock: Clock
  #isLimiting = false
  #measuredRate = 0
  #sentInBucket = 0
  #bucket: number
  #rateAtThrottle = 0
  #throttledAt: number
  #rate = 1
  #tokens = 0
  #filledAt: number

  constructor(attemptsMax: number | undefined, random: Random, clock: Clock) {
    this.#standard = new StandardRetry(attemptsMax, random)
    this.#clock = clock
    this.#throttledAt = this.#filledAt = this.#nowSeconds()
    this.#bucket = Math.floor(this.#throttledAt)
  }

  delayBeforeSendMs(): number {
    if (!this.#isLimiting) return 0
    this.#fill()
    const missing = 1 - this.#tokens
    this.#tokens -= 1
    return missing <= 0 ? 0 : (missing / this.#rate) * 1000
  }

  decide(outcome: AttemptOutcome, attempt: number): RetryDecision {
    this.#measure()
    const isThrottled =
      'status' in outcome && outcome.errorCode !== undefined && THROTTLING_CODES.has(outcome.errorCode)
    const now = this.#nowSeconds()
    let rate: number
    if (isThrottled) {
      this.#rateAtThrottle = this.#isLimiting ? Math.min(this.#measuredRate, this.#rate) : this.#measuredRate
      this.#throttledAt = now
      this.#isLimiting = true
      rate = this.#rateAtThrottle * CUT
    } else {
      const toFullRate = Math.cbrt((this.#rateAtThrottle * (1 - CUT)) / CUBIC_SCALE)
      rate = CUBIC_SCALE * (now - this.#throttledAt - toFullRate) ** 3 + this.#rateAtThrottle
    }
    this.#fill()
    this.#rate = Math.max(Math.min(rate, 2 * this.#measuredRate), RATE_MIN)
    return this.#standard.decide(outcome, attempt)
  }

  #measure(): void {
    const bucket = Math.floor(this.#nowSeconds() * BUCKETS_PER_SECOND) / BUCKETS_PER_SECOND
    this.#sentInBucket++
    if (bucket <= this.#bucket) return
    const rate = this.#sentInBucket / (bucket - this.#bucket)
    this.#measuredRate = rate * SMOOTHING + this.#measuredRate * (1 - SMOOTHING)
    this.#sentInBucket = 0
    this.#bucket = bucket
  }

  #fill(): void {
    const now = this.#nowSeconds()
    this.#tokens = Math.min(Math.max(this.#rate, 1), this.#tokens + (now - this.#filledAt) * this.#rate)
    this.#filledAt = now
  }

  #nowSeconds(): number {
    return this.#clock.now() / 1000
  }
}
