import type { Caller } from './caller.ts'
import { commitRetrying, type Attempt } from './commit.ts'
import type { ServiceContext } from './context.ts'
import { ServiceError } from './errors.ts'

/**
 * As {@link commitRetrying}, for a change that a caller asked for: it does not come to be once the access key that signed is gone (its account was deleted or
 * got another key). Throws `UnrecognizedClientException` then.
 */
export function commitForCaller<T>(
  context: ServiceContext,
  { credential }: Pick<Caller, 'credential'>,
  turn: string,
  prepare: () => Promise<Attempt<T>>,
): Promise<T> {
  if (!credential) return commitRetrying(context, turn, prepare)
  let known: typeof credential | null = credential
  return commitRetrying(context, turn, async () => {
    const { key } = credential
    // A key that is still there is the same one, but may have been sealed under another master key.
    const { version } = known ?? (await context.metadata.getMany([key]))[0] ?? gone()
    known = null
    const attempt = await prepare()
    const checks = [...(attempt.change.checks ?? []), { key, version }]
    return { ...attempt, change: { ...attempt.change, checks } }
  })
}

function gone(): never {
  throw new ServiceError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  )
}
