import { systemClock } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { FoundCredentials } from './found-credentials.ts'

/** Credentials in the form of the SDK, which asks for others five minutes before `expiration`. */
interface SdkCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration: Date
}

const MINUTE_MS = 60_000
/** How long before their end the SDK asks for others. */
const SDK_WINDOW_MS = 5 * MINUTE_MS
/** What has no end that is known is looked up again after so long: a file may have others by then. */
const LOOK_AGAIN_MS = 5 * MINUTE_MS
/** What could not be renewed and is still good is tried again after so long. */
const TRY_AGAIN_MS = MINUTE_MS

/**
 * Gives the SDK credentials that were found, and later what `find` gives, for commands that run longer than credentials last. As long as those that it has are
 * good, nothing that goes wrong with finding others ends it; then it throws what `find` throws.
 */
export function renewedCredentials(
  found: FoundCredentials,
  find: () => Promise<FoundCredentials | null>,
  clock: Clock = systemClock,
): () => Promise<SdkCredentials> {
  let [current, isFirst] = [found, true]
  const until = (afterMs: number): Date => new Date(clock.now() + afterMs + SDK_WINDOW_MS)
  return async () => {
    let failedAt: Date | undefined
    if (!isFirst)
      try {
        current = (await find()) ?? current
      } catch (error) {
        if (current.expiresAtMs !== undefined && current.expiresAtMs <= clock.now()) throw error
        failedAt = until(TRY_AGAIN_MS)
      }
    isFirst = false
    const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = current
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      expiration: failedAt ?? (expiresAtMs === undefined ? until(LOOK_AGAIN_MS) : new Date(expiresAtMs)),
    }
  }
}
