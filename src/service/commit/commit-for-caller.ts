import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { withChecks, type Attempt } from './attempt.ts'
import { commitInTurn } from './commit-in-turn.ts'

/**
 * As {@link commitInTurn}, for a change that a caller asked for: it does not come to be once the access key that signed is gone (its account was deleted or
 * got another key) or its time is over. Throws `whenGone` then, by default `UnrecognizedClientException`.
 */
export function commitForCaller<T>(
  context: ServiceContext,
  { credential }: Pick<Caller, 'credential'>,
  turn: string,
  prepare: () => Promise<Attempt<T>>,
  whenGone: () => Error = unrecognized,
): Promise<T> {
  if (!credential) return commitInTurn(context, turn, prepare)
  let known: typeof credential | null = credential
  return commitInTurn(context, turn, async () => {
    const { key } = credential
    // A key that is still there is the same one, but may have been sealed under another master key.
    const entry = known ?? (await context.metadata.getMany([key]))[0]
    if (!entry) throw whenGone()
    known = null
    if (context.clock.now() >= (credential.validUntil ?? Infinity)) throw whenGone()
    return withChecks(await prepare(), [{ key, version: entry.version }])
  })
}

const unrecognized = (): ServiceError =>
  new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.')
