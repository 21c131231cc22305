import { EXHAUSTED, FINAL } from './policy.ts'
import type { AttemptOutcome, Random, RetryDecision, RetryPolicy } from './policy.ts'

const ATTEMPTS_DEFAULT = 5
const STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504, 509])
const CODES: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottledException',
  'ProvisionedThroughputExceededException',
])

/** AWS CLI v1's default mode: up to five attempts, the wait between them doubling from a random part of a second. */
export class LegacyRetry implements RetryPolicy {
  readonly #attemptsMax: number
  readonly #random: Random

  constructor(attemptsMax: number | undefined, random: Random) {
    this.#attemptsMax = attemptsMax ?? ATTEMPTS_DEFAULT
    this.#random = random
  }

  delayBeforeSendMs(): number {
    return 0
  }

  decide(outcome: AttemptOutcome, attempt: number): RetryDecision {
    if (!isRetryable(outcome)) return FINAL
    if (attempt >= this.#attemptsMax) return EXHAUSTED
    return { isRetried: true, delayMs: this.#random() * 2 ** (attempt - 1) * 1000 }
  }
}

function isRetryable(outcome: AttemptOutcome): boolean {
  if ('failure' in outcome) return true
  const { status, errorCode } = outcome
  return STATUSES.has(status) || (status === 400 && errorCode !== undefined && CODES.has(errorCode))
}
