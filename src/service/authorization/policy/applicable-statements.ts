import type { Principal } from '../../principal.ts'
import type { AccessQuestion } from '../question.ts'
import { CONDITION_KEYS } from './condition-keys.ts'
import type { ApplicableStatement, StatementsByEffect } from './decision-memory.ts'
import { matchCondition } from './match-condition.ts'
import type { Condition, Policy, Statement } from './policy.ts'

/**
 * The statements that the object decides about: all else is looked at once for a request, however many objects it is about. Throws TooMuchMatching.
 */
export function applicableStatements(policy: Policy, question: AccessQuestion): StatementsByEffect {
  return question.memory.chooseOnce(policy, question, () => chooseStatements(policy, question))
}

function chooseStatements(policy: Policy, question: AccessQuestion): StatementsByEffect {
  const chosen = { Allow: [] as ApplicableStatement[], Deny: [] as ApplicableStatement[] }
  for (const statement of policy.statementsFor(question.action)) {
    if (!isPrincipal(statement, question.principal)) continue
    const ofRequest = statement.conditions.filter(isOfRequest)
    if (!ofRequest.every((condition) => matchCondition(condition, statement.effect, question) === 'yes'))
      continue
    const conditions = statement.conditions.filter((condition) => !isOfRequest(condition))
    chosen[statement.effect].push({ statement, conditions })
  }
  return chosen
}

const isOfRequest = ({ key }: Condition): boolean => CONDITION_KEYS.get(key)?.isOfRequest === true

function isPrincipal({ effect, principal: pattern }: Statement, principal: Principal): boolean {
  if (pattern.isEveryone) return !pattern.isNegated
  if (principal.type === 'anonymous') return pattern.isNegated
  const isNamed = pattern.names.has(principal.accountId)
  if (pattern.isNegated) return !isNamed
  // Older policies may name an access key. As a Deny it is taken by its word; as an Allow it grants nobody anything.
  return isNamed || (effect === 'Deny' && pattern.names.has(principal.accessKeyId))
}
