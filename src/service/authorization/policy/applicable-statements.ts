import type { S3Action } from '../../../model/s3/action.ts'
import type { Principal } from '../../principal.ts'
import type { AccessQuestion, RequestFacts } from '../question.ts'
import { REQUEST_KEYS } from './condition-keys.ts'
import { matchCondition } from './match-condition.ts'
import type { Condition, Policy, Statement } from './policy.ts'

/** A statement that is about an action and its caller, and whose conditions on the request hold. */
export interface ApplicableStatement {
  readonly statement: Statement
  /** Those that may depend on the object. */
  readonly conditions: readonly Condition[]
}

type ByEffect = Readonly<Record<Statement['effect'], readonly ApplicableStatement[]>>

/** What was decided for one request. */
interface Memory {
  readonly principal: Principal
  readonly request: RequestFacts
  readonly byPolicy: Map<Policy, Map<S3Action, ByEffect>>
}

/** By the request's headers, which all questions about one request share. */
const memories = new WeakMap<RequestFacts['headers'], Memory>()

/**
 * The statements that the object decides about: all else is looked at once for a request, however many objects it is about. Throws TooMuchMatching.
 */
export function applicableStatements(policy: Policy, question: AccessQuestion): ByEffect {
  const { byPolicy } = memoryOf(question)
  let byAction = byPolicy.get(policy)
  if (!byAction) {
    byAction = new Map()
    byPolicy.set(policy, byAction)
  }
  let chosen = byAction.get(question.action)
  if (!chosen) {
    chosen = chooseStatements(policy, question)
    byAction.set(question.action, chosen)
  }
  return chosen
}

function chooseStatements(policy: Policy, question: AccessQuestion): ByEffect {
  const chosen = { Allow: [] as ApplicableStatement[], Deny: [] as ApplicableStatement[] }
  for (const statement of policy.statementsFor(question.action)) {
    if (!isPrincipal(statement, question.principal)) continue
    const ofRequest = statement.conditions.filter(({ key }) => REQUEST_KEYS.has(key))
    if (!ofRequest.every((condition) => matchCondition(condition, statement.effect, question) === 'yes'))
      continue
    const conditions = statement.conditions.filter(({ key }) => !REQUEST_KEYS.has(key))
    chosen[statement.effect].push({ statement, conditions })
  }
  return chosen
}

function memoryOf({ principal, request }: AccessQuestion): Memory {
  const before = memories.get(request.headers)
  if (before && isSame(before, principal, request)) return before
  const memory = { principal, request, byPolicy: new Map<Policy, Map<S3Action, ByEffect>>() }
  memories.set(request.headers, memory)
  return memory
}

/** Whether all is the same that the values of {@link REQUEST_KEYS} are made from, besides the headers. */
function isSame(before: Memory, principal: Principal, request: RequestFacts): boolean {
  return (
    before.principal === principal &&
    (before.request === request ||
      (before.request.sourceIp === request.sourceIp &&
        before.request.isSecure === request.isSecure &&
        before.request.now === request.now &&
        before.request.authenticationType === request.authenticationType &&
        before.request.signatureVersion === request.signatureVersion &&
        before.request.signatureAgeMs === request.signatureAgeMs))
  )
}

function isPrincipal({ effect, principal: pattern }: Statement, principal: Principal): boolean {
  if (pattern.isEveryone) return !pattern.isNegated
  if (principal.type === 'anonymous') return pattern.isNegated
  const isNamed = pattern.names.has(principal.accountId)
  if (pattern.isNegated) return !isNamed
  // Older policies may name an access key. As a Deny it is taken by its word; as an Allow it grants nobody anything.
  return isNamed || (effect === 'Deny' && pattern.names.has(principal.accessKeyId))
}
