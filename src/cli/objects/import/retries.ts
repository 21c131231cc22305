import { setTimeout as pause } from 'node:timers/promises'
import { S3ServiceException } from '@aws-sdk/client-s3'
import { abortReason } from '../abortable-client.ts'
import { DamagedBody } from './transfer-errors.ts'

/** How often a request is tried, the first time included, where the settings name no number: half a minute passes till the last one. */
export const ATTEMPTS_DEFAULT = 8

const DELAY_MS_FIRST = 250
const DELAY_MS_MAX = 16_000

/** Errors of connections that another one may not have. */
const CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'UND_ERR_SOCKET',
])

/** Errors of S3 that say "not now", whatever their status. */
const NAMES = new Set([
  'SlowDown',
  'RequestTimeout',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'BadDigest',
  'IncompleteBody',
  'XAmzContentSHA256Mismatch',
  'TimeoutError',
])

/** Statuses from 500 on that stay: the operation is not offered, or there is no room. */
const LASTING = new Set([501, 505, 507])

/** Whether the same request may do better a little later. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof DamagedBody || NAMES.has(error.name)) return true
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0
    return status === 429 || (status >= 500 && !LASTING.has(status))
  }
  if ('code' in error && typeof error.code === 'string' && CODES.has(error.code)) return true
  // Node's words for a response that ends before its length.
  if (error.message === 'aborted' || error.message === 'socket hang up') return true
  return error.cause !== undefined && isPassing(error.cause)
}

/** How requests are tried again. */
export interface RetryRules {
  readonly attemptsMax: number
  readonly signal: AbortSignal
  /** From 0 to below 1. */
  readonly random?: () => number
}

/**
 * Does `work` until it succeeds, fails for a reason that lasts, or was tried often enough; waits longer each time, and not in step with others.
 * @throws what `work` threw last, or the reason of the signal
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { attemptsMax, signal, random = Math.random }: RetryRules,
): Promise<T> {
  const throwIfAborted = (): void => {
    if (signal.aborted) throw abortReason(signal)
  }
  for (let attempt = 1; ; attempt++) {
    throwIfAborted()
    try {
      return await work()
    } catch (error) {
      throwIfAborted()
      if (attempt >= attemptsMax || !isPassing(error)) throw error
      const longest = Math.min(DELAY_MS_FIRST * 2 ** (attempt - 1), DELAY_MS_MAX)
      await pause(longest * (0.5 + random() / 2), undefined, { signal })
    }
  }
}
