import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { refuseExpired } from '../credentials/refused-key.ts'
import { DomainError } from '../errors/domain-error.ts'
import { withChecks, type Attempt } from './attempt.ts'
import { commitInTurn } from './commit-in-turn.ts'

/**
 * As {@link commitInTurn}, for a change that a caller asked for: it does not come to be once the access key that signed is gone (its account was deleted or
 * got another key) or its time is over. Throws `AccessKeyStopped` then.
 */
export function commitForCaller<T>(
  context: ServiceContext,
  { credential }: Pick<Caller, 'credential'>,
  turn: string,
  prepare: () => Promise<Attempt<T>>,
): Promise<T> {
  if (!credential) return commitInTurn(context, turn, prepare)
  let known: typeof credential | null = credential
  return commitInTurn(context, turn, async () => {
    const { key } = credential
    // A key that is still there is the same one, but may have been sealed under another master key.
    const entry = known ?? (await context.metadata.getMany([key]))[0]
    if (!entry) throw new DomainError('AccessKeyStopped', { why: 'unknown' })
    known = null
    refuseExpired(credential, context.clock.now())
    return withChecks(await prepare(), [{ key, version: entry.version }])
  })
}
