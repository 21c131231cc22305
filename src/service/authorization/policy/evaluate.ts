import type { BucketRecord } from '../../records/bucket.ts'
import { isObjectAction } from '../../../model/s3/action.ts'
import type { AccessQuestion } from '../question.ts'
import type { Principal } from '../../principal.ts'
import { CONDITION_KEYS } from './condition-keys.ts'
import { decideOnce } from './condition-memory.ts'
import type { Condition, Policy, Statement } from './policy.ts'

/** What a policy says of a request; `none`: nothing. */
type PolicyVerdict = 'allow' | 'deny' | 'none' | 'needs-object'

/** Whether a statement applies; `unknown`: it depends on the object, which was not read yet. */
export type Match = 'yes' | 'no' | 'unknown'

/**
 * Evaluates a bucket policy: any Deny that applies wins, then any Allow. A request about many objects costs for each of them what looking at
 * its key costs, and no more: the rest is decided once.
 */
export function evaluatePolicy(
  policy: Policy,
  question: AccessQuestion,
  bucket: BucketRecord,
): PolicyVerdict {
  const resource =
    isObjectAction(question.action) && question.objectKey !== undefined
      ? `${bucket.name}/${question.objectKey}`
      : bucket.name
  let isAllowed = false
  let isUnknown = false
  for (const statement of policy.statementsFor(question.action)) {
    const match = matchStatement(statement, resource, question)
    if (match === 'unknown') isUnknown = true
    else if (match === 'yes' && statement.effect === 'Deny') return 'deny'
    else if (match === 'yes') isAllowed = true
  }
  if (isUnknown) return 'needs-object'
  return isAllowed ? 'allow' : 'none'
}

function matchStatement(statement: Statement, resource: string, question: AccessQuestion): Match {
  if (!isPrincipal(statement, question.principal)) return 'no'
  let match: Match = 'yes'
  for (const condition of statement.conditions) {
    const holds = matchCondition(condition, statement.effect, question)
    if (holds === 'no') return 'no'
    if (holds === 'unknown') match = 'unknown'
  }
  // Last, for it is what differs from object to object.
  return statement.resources.isChosen(resource) ? match : 'no'
}

function isPrincipal({ effect, principal: pattern }: Statement, principal: Principal): boolean {
  if (pattern.isEveryone) return !pattern.isNegated
  if (principal.type === 'anonymous') return pattern.isNegated
  const isNamed = pattern.names.has(principal.accountId)
  if (pattern.isNegated) return !isNamed
  // Older policies may name an access key. As a Deny it is taken by its word; as an Allow it grants nobody anything.
  return isNamed || (effect === 'Deny' && pattern.names.has(principal.accessKeyId))
}

function matchCondition(condition: Condition, effect: Statement['effect'], question: AccessQuestion): Match {
  const actual = CONDITION_KEYS.get(condition.key)?.(question, condition.tagKey) ?? null
  if (actual === null) return 'unknown'
  return decideOnce(condition, question.request, actual, () => compare(condition, effect, actual))
}

function compare(condition: Condition, effect: Statement['effect'], actual: readonly string[]): Match {
  const { operator, accepts, quantifier } = condition
  if (operator.name === 'Null') return toMatch(accepts(String(actual.length === 0)))
  if (actual.length === 0) {
    if (condition.holdsWhenAbsent || quantifier === 'all') return 'yes'
    return toMatch(quantifier === 'none' && operator.isNegation)
  }
  const holds = (value: string) => accepts(value) !== operator.isNegation
  // IAM wants a quantifier where a key may have several values. Without one, no value slips past a Deny, and none of several opens anything.
  const needsAll = quantifier === 'none' ? effect === 'Allow' : quantifier === 'all'
  return toMatch(needsAll ? actual.every(holds) : actual.some(holds))
}

const toMatch = (holds: boolean): Match => (holds ? 'yes' : 'no')
