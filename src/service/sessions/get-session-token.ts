import type { ServiceContext } from '../context.ts'
import type { FoundCredential } from '../credentials/access-cache.ts'
import { DomainError } from '../errors/domain-error.ts'
import { sessionTimes } from './session-times.ts'
import type { TemporaryCredentials } from './session-tokens.ts'

/** The time, in seconds, where none is asked for: Amazon's, and the longest. */
const SECONDS_DEFAULT = 43_200

/**
 * Temporary credentials that stand for the key that asks: they may what it may at the time, and end with it. Throws `SessionTakesNone` where temporary
 * credentials ask.
 */
export function getSessionToken(
  context: ServiceContext,
  credential: FoundCredential,
  seconds = SECONDS_DEFAULT,
): TemporaryCredentials {
  const { accessKeyId, usedKeyMadeAt, principal, state } = credential
  if (state.session) throw new DomainError('SessionTakesNone', { operation: 'GetSessionToken' })
  return context.sessionTokens.issue({
    ...sessionTimes(context.clock.now(), seconds, credential),
    accountId: principal.accountId,
    parentKeyId: accessKeyId,
    parentMadeAt: usedKeyMadeAt,
    role: null,
  })
}
