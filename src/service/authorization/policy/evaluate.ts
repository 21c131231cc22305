import type { BucketRecord } from '../../records/bucket.ts'
import { isObjectAction } from '../action.ts'
import type { AccessQuestion } from '../question.ts'
import type { Principal } from '../../principal.ts'
import { CONDITION_KEYS } from './condition-keys.ts'
import type { Choice, Condition, Policy, PrincipalPattern, Statement } from './policy.ts'
import { matchesWildcard } from './wildcard.ts'

/** What a policy says of a request; `none`: nothing. */
type PolicyVerdict = 'allow' | 'deny' | 'none' | 'needs-object'

/** Whether a statement applies; `unknown`: it depends on the object, which was not read yet. */
type Match = 'yes' | 'no' | 'unknown'

/** Evaluates a bucket policy: any Deny that applies wins, then any Allow. */
export function evaluatePolicy(
  policy: Policy,
  question: AccessQuestion,
  bucket: BucketRecord,
): PolicyVerdict {
  const action = question.action.toLowerCase()
  const resource =
    isObjectAction(question.action) && question.objectKey !== undefined
      ? `${bucket.name}/${question.objectKey}`
      : bucket.name
  let isAllowed = false
  let isUnknown = false
  for (const statement of policy.statements) {
    const match = matchStatement(statement, action, resource, question)
    if (match === 'unknown') isUnknown = true
    else if (match === 'yes' && statement.effect === 'Deny') return 'deny'
    else if (match === 'yes') isAllowed = true
  }
  if (isUnknown) return 'needs-object'
  return isAllowed ? 'allow' : 'none'
}

function matchStatement(
  statement: Statement,
  action: string,
  resource: string,
  question: AccessQuestion,
): Match {
  if (!isChosen(statement.actions, action)) return 'no'
  if (!isChosen(statement.resources, resource)) return 'no'
  if (!isPrincipal(statement.principal, question.principal)) return 'no'
  let match: Match = 'yes'
  for (const condition of statement.conditions) {
    const holds = matchCondition(condition, question)
    if (holds === 'no') return 'no'
    if (holds === 'unknown') match = 'unknown'
  }
  return match
}

function isChosen({ patterns, isNegated }: Choice, text: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, text)) !== isNegated
}

function isPrincipal(pattern: PrincipalPattern, principal: Principal): boolean {
  const isNamed =
    pattern.isEveryone || (principal.type !== 'anonymous' && pattern.accountIds.includes(principal.accountId))
  return isNamed !== pattern.isNegated
}

function matchCondition(condition: Condition, question: AccessQuestion): Match {
  const actual = CONDITION_KEYS.get(condition.key)?.(question, condition.tagKey) ?? null
  if (actual === null) return 'unknown'
  const { operator, accepts } = condition
  if (operator.name === 'Null') return toMatch(accepts(String(actual.length === 0)))
  const [first] = actual
  if (first === undefined) {
    return toMatch(condition.holdsWhenAbsent || operator.isNegation || condition.quantifier === 'all')
  }
  const holds = (value: string) => accepts(value) !== operator.isNegation
  if (condition.quantifier === 'all') return toMatch(actual.every(holds))
  if (condition.quantifier === 'any') return toMatch(actual.some(holds))
  return toMatch(holds(first))
}

const toMatch = (holds: boolean): Match => (holds ? 'yes' : 'no')
