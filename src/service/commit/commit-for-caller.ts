import type { Change } from '../../storage/metadata-store.ts'
import type { CredentialState } from '../admission.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { isBound } from '../authorization/authorize.ts'
import { refuseExpired } from '../credentials/refused-key.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { Principal } from '../principal.ts'
import { withChecks, type Attempt } from './attempt.ts'
import { commitInTurn } from './commit-in-turn.ts'
import { credentialChecks } from './credential-checks.ts'
import { renewedKey } from './renewed-key.ts'

/**
 * As {@link commitInTurn}, for a change that a caller asked for: it does not come to be once the access key that signed is gone (its account was deleted or
 * got another key), was switched off, or its time is over. Throws `AccessKeyStopped` then, and `AccessDenied` when it may not act for the account any more.
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
    const checks = known ? credentialChecks(known) : await checksNow(context, credential)
    known = null
    refuseExpired(credential, context.clock.now())
    return withChecks(await prepare(), checks)
  })
}

/** The checks once one of them failed: the key may have been sealed under another master key, switched off, or given other rights. */
async function checksNow(
  context: ServiceContext,
  credential: CredentialState,
): Promise<NonNullable<Change['checks']>> {
  const rows = credentialChecks(credential)
  const entries = await context.metadata.getMany(rows.map(({ key }) => key))
  const renewed = renewedKey(context, credential, entries)
  if (!renewed) return rows
  if (!actsForAccount(renewed.principal)) throw new DomainError('AccessDenied')
  return credentialChecks(renewed.state)
}

/** Whether who asks may change what belongs to the account as a whole: only that is asked for here. */
function actsForAccount(principal: Principal): boolean {
  if (!isBound(principal)) return principal.type === 'account'
  const parent = principal.type === 'role' ? principal.parent : null
  return principal.scope.isWholeAccount && (parent === null || actsForAccount(parent))
}
