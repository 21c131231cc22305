import type { S3Action } from '../../../model/s3/action.ts'
import type { Principal } from '../../principal.ts'
import type { RequestFacts } from '../request-facts.ts'
import { MatchingWork } from './matching-work.ts'
import type { Condition, Policy, Statement } from './policy.ts'

/** Whether something applies; `unknown`: it depends on the object, or on the request's document, which was not read yet. */
export type Match = 'yes' | 'no' | 'unknown'

/** A statement that is about an action and its caller, and whose conditions on the request hold. */
export interface ApplicableStatement {
  readonly statement: Statement
  /** Those that may depend on the object. */
  readonly conditions: readonly Condition[]
}

/** The statements of a policy that may apply. */
export type StatementsByEffect = Readonly<Record<Statement['effect'], readonly ApplicableStatement[]>>

interface DecidedCondition {
  readonly actual: readonly string[]
  readonly match: Match
}

interface ChosenStatements {
  readonly principal: Principal
  readonly request: RequestFacts
  readonly byPolicy: Map<Policy, Map<S3Action, StatementsByEffect>>
}

/**
 * What was decided of one request, and what it cost: made with the request's facts, and passed along with all questions about it, so that a
 * batch of objects costs for each what looking at its key costs.
 */
export class DecisionMemory {
  /** What the questions about the request spent so far. */
  readonly work = new MatchingWork()
  // Most requests meet no policy, and need none of these.
  #conditions: Map<Condition, DecidedCondition> | null = null
  #chosen: ChosenStatements[] = []

  /** Decides about a condition, once for as long as the questions have the same values for it. */
  decideOnce(condition: Condition, actual: readonly string[], decide: () => Match): Match {
    this.#conditions ??= new Map()
    const before = this.#conditions.get(condition)
    if (before && isSameList(before.actual, actual)) return before.match
    const match = decide()
    this.#conditions.set(condition, { actual, match })
    return match
  }

  /** Chooses the statements of a policy for an action, once for as long as what the request says of itself and its caller stays the same. */
  chooseOnce(
    policy: Policy,
    { principal, request, action }: ChoiceFor,
    choose: () => StatementsByEffect,
  ): StatementsByEffect {
    const { byPolicy } = this.#chosenFor(principal, request)
    let byAction = byPolicy.get(policy)
    if (!byAction) byPolicy.set(policy, (byAction = new Map<S3Action, StatementsByEffect>()))
    let chosen = byAction.get(action)
    if (!chosen) byAction.set(action, (chosen = choose()))
    return chosen
  }

  #chosenFor(principal: Principal, request: RequestFacts): ChosenStatements {
    const known = this.#chosen.find((chosen) => isSameRequest(chosen, principal, request))
    if (known) return known
    const chosen: ChosenStatements = { principal, request, byPolicy: new Map() }
    this.#chosen = [...this.#chosen.slice(1 - ASKED_IN_TURN), chosen]
    return chosen
  }
}

/** Who took a role is asked about in turn with the key that took it. */
const ASKED_IN_TURN = 2

interface ChoiceFor {
  readonly principal: Principal
  readonly request: RequestFacts
  readonly action: S3Action
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index])
}

/** Whether all is the same that the values of keys with `isOfRequest` (condition-keys.ts) are made from. */
function isSameRequest(before: ChosenStatements, principal: Principal, request: RequestFacts): boolean {
  return (
    before.principal === principal &&
    before.request.sender === request.sender &&
    before.request.given === request.given
  )
}
