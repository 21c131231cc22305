import type { BucketRecord } from '../../records/bucket.ts'
import { isObjectAction } from '../../../model/s3/action.ts'
import type { AccessQuestion } from '../question.ts'
import { applicableStatements } from './applicable-statements.ts'
import type { ApplicableStatement, Match } from './decision-memory.ts'
import { matchCondition } from './match-condition.ts'
import type { Policy, Statement } from './policy.ts'

/** To look at a statement, and at a condition that may depend on the object, in units of matching. */
const STATEMENT_UNITS = 1
const CONDITION_UNITS = 16
/** Values of a condition that are compared in the time of a unit. */
const VALUES_OF_UNIT = 4

/**
 * Whether a statement of a bucket policy with this effect applies; `unknown`: perhaps one does. A request about many objects costs for each of
 * them what looking at its key costs, and no more: the rest is decided once. Throws TooMuchMatching when the patterns cost more than one request may.
 */
export function matchPolicy(
  policy: Policy,
  effect: Statement['effect'],
  question: AccessQuestion,
  bucket: Pick<BucketRecord, 'name'>,
): Match {
  const resource =
    isObjectAction(question.action) && question.objectKey !== undefined
      ? `${bucket.name}/${question.objectKey}`
      : bucket.name
  let match: Match = 'no'
  for (const applicable of applicableStatements(policy, question)[effect]) {
    const one = matchStatement(applicable, resource, question)
    if (one === 'yes') return 'yes'
    if (one === 'unknown') match = 'unknown'
  }
  return match
}

function matchStatement(
  { statement, conditions }: ApplicableStatement,
  resource: string,
  question: AccessQuestion,
): Match {
  const { work } = question.memory
  work.spend(STATEMENT_UNITS)
  if (!statement.resources.isChosen(resource, work)) return 'no'
  let match: Match = 'yes'
  for (const condition of conditions) {
    work.spend(CONDITION_UNITS + condition.values.length / VALUES_OF_UNIT)
    const holds = matchCondition(condition, statement.effect, question)
    if (holds === 'no') return 'no'
    if (holds === 'unknown') match = 'unknown'
  }
  return match
}
