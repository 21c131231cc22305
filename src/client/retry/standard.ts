import { EXHAUSTED, FINAL, THROTTLING_CODES } from './policy.ts'
import type { AttemptOutcome, Random, RetryDecision, RetryPolicy } from './policy.ts'

const ATTEMPTS_DEFAULT = 3
const DELAY_SECONDS_MAX = 20
const STATUSES: ReadonlySet<number> = new Set([500, 502, 503, 504])
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'RequestTimeoutException',
  'PriorRequestNotComplete',
])
const QUOTA = 500
const COST = 5
const COST_OF_TIMEOUT = 10
const REFUND_OF_SUCCESS = 1

/**
 * The mode `standard`: up to three attempts, waits that double with jitter, and a quota of retries that all calls of the client
 * share, so that a service in trouble is not asked ever more often.
 */
export class StandardRetry implements RetryPolicy {
  readonly #attemptsMax: number
  readonly #random: Random
  #quota = QUOTA
  #lastCost = REFUND_OF_SUCCESS

  constructor(attemptsMax: number | undefined, random: Random) {
    this.#attemptsMax = attemptsMax ?? ATTEMPTS_DEFAULT
    this.#random = random
  }

  delayBeforeSendMs(): number {
    return 0
  }

  decide(outcome: AttemptOutcome, attempt: number): RetryDecision {
    if ('status' in outcome && outcome.status < 300) {
      this.#quota = Math.min(QUOTA, this.#quota + this.#lastCost)
      this.#lastCost = REFUND_OF_SUCCESS
      return FINAL
    }
    // The last attempt counts as used up whatever its error is.
    if (attempt >= this.#attemptsMax) return EXHAUSTED
    if (!isRetryable(outcome)) return FINAL
    const isTimeout = 'failure' in outcome && outcome.failure.kind.endsWith('timeout')
    const cost = isTimeout ? COST_OF_TIMEOUT : COST
    if (this.#quota < cost) return FINAL
    this.#quota -= cost
    this.#lastCost = cost
    return {
      isRetried: true,
      delayMs: this.#random() * Math.min(2 ** (attempt - 1), DELAY_SECONDS_MAX) * 1000,
    }
  }
}

function isRetryable(outcome: AttemptOutcome): boolean {
  if ('failure' in outcome) return true
  const { status, errorCode } = outcome
  if (STATUSES.has(status)) return true
  return errorCode !== undefined && (TRANSIENT_CODES.has(errorCode) || THROTTLING_CODES.has(errorCode))
}
