import type { Clock } from '../../base/clock.ts'
import { AdaptiveRetry } from './adaptive.ts'
import { LegacyRetry } from './legacy.ts'
import type { Random, RetryMode, RetryPolicy } from './policy.ts'
import { StandardRetry } from './standard.ts'

/** `attemptsMax` counts the first attempt; undefined leaves it to the mode. */
export function createRetryPolicy(
  mode: RetryMode,
  attemptsMax: number | undefined,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): RetryPolicy {
  if (mode === 'legacy') return new LegacyRetry(attemptsMax, random)
  if (mode === 'standard') return new StandardRetry(attemptsMax, random)
  return new AdaptiveRetry(attemptsMax, random, clock)
}
