import type { ACCESS_OUTCOMES, ACCESS_RULES } from '../../model/lugsail/get-bucket-access.ts'
import type { Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { authorize, isBound } from './authorize.ts'
import { matchPolicy } from './policy/evaluate.ts'
import { TooMuchMatching } from './policy/matching-work.ts'
import { Policy, type Statement } from './policy/policy.ts'
import { keyPolicyOf, policyOf } from './policy/stored-policy.ts'
import type { AccessQuestion, Decision } from './question.ts'

type Rule = (typeof ACCESS_RULES)[number]
type DenyReason = Extract<Decision, { readonly outcome: 'deny' }>['reason']

/** By which rule something is refused; of a Deny it is looked up whose it is. */
const RULE_OF_DENIAL: Readonly<Record<DenyReason, Rule>> = {
  'not-granted': 'no-grant',
  anonymous: 'no-grant',
  'other-bucket': 'key-buckets',
  'other-network': 'key-networks',
  'other-prefix': 'key-prefixes',
  'not-attached': 'key-buckets',
  'account-only': 'account-only',
  'explicit-deny': 'key-policy',
  'public-access-blocked': 'public-access',
  'too-much-matching': 'bucket-policy',
}

/** The rule that decides. */
interface DecidingRule {
  readonly rule: Rule
  /** Of a bucket policy: the Sid, or `#1`. */
  readonly statement?: string
  /** Where it depends: the condition keys that decide, as the policy writes them. */
  readonly conditions?: readonly string[]
}

/** Whether something is allowed, and by which rule. */
export interface DecidedAccess extends DecidingRule {
  readonly outcome: (typeof ACCESS_OUTCOMES)[number]
}

/** How what is open is taken: whether it comes from the key's networks, and whether open conditions hold in statements of each effect. */
interface Taken extends Readonly<Record<'Allow' | 'Deny', boolean>> {
  readonly isInNetworks: boolean
}

/** Makes the question, with a memory of its own each time. */
export type Ask = (taken: Taken) => AccessQuestion

/** All that is open speaks for it, or against it. */
const FOR: Taken = { isInNetworks: true, Allow: true, Deny: false }
const AGAINST: Taken = { isInNetworks: false, Allow: false, Deny: true }

/**
 * Decides about what nobody has asked yet: once with all that is open speaking for it, once against it. No rule allows more the more speaks against
 * it, so that what holds in both cases holds in all.
 */
export function decideAccess(ask: Ask, bucket: BucketRecord): DecidedAccess {
  const best = authorize(ask(FOR))
  if (best.outcome === 'deny') {
    const statement = best.reason === 'explicit-deny' ? statementThatApplies(ask(FOR), bucket, 'Deny') : null
    return statement === null
      ? { outcome: 'denied', rule: RULE_OF_DENIAL[best.reason] }
      : { outcome: 'denied', rule: 'bucket-policy', statement }
  }
  const question = ask(AGAINST)
  const worst = authorize(question)
  if (worst.outcome !== 'allow')
    return { outcome: 'depends', ...whatDecides(ask, bucket, [best.outcome, worst.outcome]) }
  const rule = ruleOfOwner(question.principal)
  if (rule !== null) return { outcome: 'allowed', rule }
  const statement = statementThatApplies(question, bucket, 'Allow')
  return statement === null
    ? { outcome: 'allowed', rule: 'public-access' }
    : { outcome: 'allowed', rule: 'bucket-policy', statement }
}

/** What makes the difference between the best case and the worst: each of what is open is turned alone. */
function whatDecides(
  ask: Ask,
  bucket: BucketRecord,
  [best, worst]: readonly [best: Decision['outcome'], worst: Decision['outcome']],
): DecidingRule {
  const decides = (turned: Partial<Taken>): boolean => authorize(ask({ ...FOR, ...turned })).outcome !== best
  const isByNetworks = decides({ isInNetworks: false })
  const statements = [
    ...(decides({ Deny: true }) ? openStatements(ask, bucket, 'Deny') : []),
    ...(decides({ Allow: false }) ? openStatements(ask, bucket, 'Allow') : []),
  ]
  const conditions = [
    ...new Set([
      ...(isByNetworks ? ['aws:SourceIp'] : []),
      ...statements.flatMap((statement) => statement.conditions),
    ]),
  ]
  const told = conditions.length > 0 ? { conditions } : {}
  if (best === 'needs-object' || worst === 'needs-object') return { rule: 'object', ...told }
  if (isByNetworks) return { rule: 'key-networks', ...told }
  const [first] = statements
  if (first?.isOfKey === true) return { rule: 'key-policy', ...told }
  return { rule: 'bucket-policy', ...(first && { statement: first.name }), ...told }
}

interface OpenStatement {
  readonly name: string
  /** Of the key's own policy. */
  readonly isOfKey: boolean
  readonly conditions: readonly string[]
}

/** The statements that apply or not, as what is open about them is taken. None where to find them costs more than one request may spend. */
function openStatements(ask: Ask, bucket: BucketRecord, effect: 'Allow' | 'Deny'): readonly OpenStatement[] {
  const [holding, failing] = [ask({ ...FOR, [effect]: true }), ask({ ...FOR, [effect]: false })]
  const isOpen = (statement: Statement): boolean => {
    const alone = new Policy([statement])
    return (
      matchPolicy(alone, effect, holding, bucket) === 'yes' &&
      matchPolicy(alone, effect, failing, bucket) === 'no'
    )
  }
  try {
    return policiesFor(holding.principal, bucket, effect).flatMap(({ text, policy, isOfKey }) =>
      policy.statements.flatMap((statement, at) =>
        isOpen(statement)
          ? [{ name: nameOf(text, at), isOfKey, conditions: conditionsOf(text, at, holding) }]
          : [],
      ),
    )
  } catch (error) {
    if (error instanceof TooMuchMatching) return []
    throw error
  }
}

interface PolicyWithText {
  readonly text: string
  readonly policy: Policy
  readonly isOfKey: boolean
}

/** The policies that have a say: the bucket's, whose Allow gives the owning side nothing, and the key's own. */
function policiesFor(
  principal: Principal,
  bucket: BucketRecord,
  effect: 'Allow' | 'Deny',
): readonly PolicyWithText[] {
  const ofKey = isBound(principal) ? principal.scope.policy : null
  return [
    ...(bucket.policy === undefined || (effect === 'Allow' && ruleOfOwner(principal) !== null)
      ? []
      : [{ text: bucket.policy, policy: policyOf(bucket), isOfKey: false }]),
    ...(ofKey ? [{ text: ofKey.text, policy: keyPolicyOf(ofKey), isOfKey: true }] : []),
  ]
}

/** The open condition keys of a statement, as it writes them. */
function conditionsOf(text: string, at: number, { request }: AccessQuestion): readonly string[] {
  const { Condition: condition = {} } = statementAt(text, at)
  return Object.values(condition)
    .flatMap((values) => Object.keys(values))
    .filter((key) => request.open?.keys.has(key.replace(/\/.*/s, '').toLowerCase()) === true)
}

/** By which rule the owning side may do what nothing denies it; null: it is not of it. */
function ruleOfOwner(principal: Principal): Rule | null {
  if (principal.type === 'account') return 'account'
  if (principal.type === 'anonymous') return null
  return principal.type === 'application-key' || principal.type === 'role' ? 'key-rights' : 'key'
}

/**
 * The statement of the bucket's policy that applies, the first of them: its Sid, or its place. Null: none does, or to find it would cost more than one
 * request may spend, the decision included.
 */
function statementThatApplies(
  question: AccessQuestion,
  bucket: BucketRecord,
  effect: 'Allow' | 'Deny',
): string | null {
  if (bucket.policy === undefined) return null
  const at = placeOfStatement(question, bucket, effect)
  return at < 0 ? null : nameOf(bucket.policy, at)
}

/** What a statement is called: its Sid, or its place. */
function nameOf(text: string, at: number): string {
  const { Sid: sid } = statementAt(text, at)
  return sid === undefined || sid === '' ? `#${at + 1}` : sid
}

function statementAt(text: string, at: number): StatementDocument {
  const { Statement: written } = JSON.parse(text) as PolicyDocument
  return [written].flat()[at] ?? {}
}

function placeOfStatement(question: AccessQuestion, bucket: BucketRecord, effect: 'Allow' | 'Deny'): number {
  try {
    return policyOf(bucket).statements.findIndex(
      (statement) => matchPolicy(new Policy([statement]), effect, question, bucket) === 'yes',
    )
  } catch (error) {
    if (error instanceof TooMuchMatching) return -1
    throw error
  }
}

/** The part of a policy document that is told of; it was checked before it was stored. */
interface PolicyDocument {
  readonly Statement: StatementDocument | readonly StatementDocument[]
}

interface StatementDocument {
  readonly Sid?: string
  readonly Condition?: Readonly<Record<string, object>>
}
