import type { Change } from '../../storage/metadata-store.ts'
import type { CredentialState } from '../admission.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { refuseExpired } from '../credentials/refused-key.ts'
import { DomainError } from '../errors/domain-error.ts'
import { withChecks, type Attempt } from './attempt.ts'
import { commitInTurn } from './commit-in-turn.ts'
import { credentialChecks } from './credential-checks.ts'

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
    // A key that is still there is the same one, but may have been sealed under another master key.
    const checks = known ? credentialChecks(known) : await checksNow(context, credential)
    known = null
    refuseExpired(credential, context.clock.now())
    return withChecks(await prepare(), checks)
  })
}

async function checksNow(
  context: ServiceContext,
  credential: CredentialState,
): Promise<NonNullable<Change['checks']>> {
  const rows = credentialChecks(credential)
  const entries = await context.metadata.getMany(rows.map(({ key }) => key))
  return rows.map(({ key }, at) => {
    const entry = entries[at]
    if (!entry) throw new DomainError('AccessKeyStopped', { why: 'unknown' })
    return { key, version: entry.version }
  })
}
