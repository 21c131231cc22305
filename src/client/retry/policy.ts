import type { TransportError } from '../errors.ts'

/** How an attempt ended, as far as trying again depends on it. */
export type AttemptOutcome =
  | { readonly status: number; readonly errorCode?: string | undefined }
  | { readonly failure: TransportError }

/** What follows from an attempt: wait `delayMs` milliseconds and try again, or leave it. */
export type RetryDecision =
  | { readonly isRetried: true; readonly delayMs: number }
  /** `isExhausted`: given up because the attempts are used up; the error then says so. */
  | { readonly isRetried: false; readonly isExhausted: boolean }

/** Decides whether a call is tried again. One policy serves all calls of a command. */
export interface RetryPolicy {
  /** Waited before each attempt, in milliseconds; for a client that limits its own rate. */
  delayBeforeSendMs(): number
  /** `attempt` counts from 1. Every outcome is told, a success too. */
  decide(outcome: AttemptOutcome, attempt: number): RetryDecision
}

/** The retry modes, as AWS's configuration spells them. */
export const RETRY_MODES = ['legacy', 'standard', 'adaptive'] as const
/** One of {@link RETRY_MODES}. */
export type RetryMode = (typeof RETRY_MODES)[number]

/** The outcome stands. */
export const FINAL: RetryDecision = { isRetried: false, isExhausted: false }
/** The outcome stands, since there are no attempts left. */
export const EXHAUSTED: RetryDecision = { isRetried: false, isExhausted: true }

/** A number in [0, 1), for the delays' jitter. */
export type Random = () => number

/** Error codes by which a service says that it is asked too often. */
export const THROTTLING_CODES: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'TransactionInProgressException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'RequestThrottled',
  'SlowDown',
  'PriorRequestNotComplete',
  'EC2ThrottledException',
])
