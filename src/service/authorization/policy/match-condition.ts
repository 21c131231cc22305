import type { AccessQuestion } from '../question.ts'
import { CONDITION_KEYS } from './condition-keys.ts'
import type { Match } from './decision-memory.ts'
import type { MatchingWork } from './matching-work.ts'
import type { Condition, Statement } from './policy.ts'

/** Whether a condition holds. Throws TooMuchMatching. */
export function matchCondition(
  condition: Condition,
  effect: Statement['effect'],
  question: AccessQuestion,
): Match {
  const { open } = question.request
  if (open?.keys.has(condition.key) === true) return toMatch(open.holds[effect])
  const actual = CONDITION_KEYS.get(condition.key)?.read(question, condition.tagKey) ?? null
  if (actual === null) return 'unknown'
  const { memory } = question
  return memory.decideOnce(condition, actual, () => compare(condition, effect, actual, memory.work))
}

function compare(
  condition: Condition,
  effect: Statement['effect'],
  actual: readonly string[],
  work: MatchingWork,
): Match {
  const { operator, accepts, quantifier } = condition
  if (operator.name === 'Null') return toMatch(accepts(String(actual.length === 0), work))
  if (actual.length === 0) {
    if (condition.holdsWhenAbsent || quantifier === 'all') return 'yes'
    return toMatch(quantifier === 'none' && operator.isNegation)
  }
  const holds = (value: string) => accepts(value, work) !== operator.isNegation
  // IAM wants a quantifier where a key may have several values. Without one, no value slips past a Deny, and none of several opens anything.
  const needsAll = quantifier === 'none' ? effect === 'Allow' : quantifier === 'all'
  return toMatch(needsAll ? actual.every(holds) : actual.some(holds))
}

const toMatch = (holds: boolean): Match => (holds ? 'yes' : 'no')
