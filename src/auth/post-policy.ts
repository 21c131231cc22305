import { AuthenticationFailure } from './authentication-failure.ts'
import type { PolicyCondition, PostPolicy } from './parse-post-policy.ts'

interface EvaluatePostPolicyInput {
  readonly policy: PostPolicy
  /** By lower-case name; `key` with the file's name already put in. */
  readonly fields: ReadonlyMap<string, string>
  /** The bucket that the form was sent to, whatever a field says. */
  readonly bucketName: string
  /** The current instant, in epoch milliseconds. */
  readonly nowMs: number
}

/** Fields that no condition needs to cover: they are the signature itself, or said to be of no concern. */
const EXEMPT_FIELDS: ReadonlySet<string> = new Set([
  'awsaccesskeyid',
  'file',
  'policy',
  'signature',
  'x-amz-signature',
])
/** A checksum only narrows down what is accepted; browsers compute it when the policy is long made. */
const EXEMPT_PREFIXES = ['x-ignore-', 'x-amz-checksum-'] as const

/**
 * Holds a form against its policy: not expired, every condition met, every field covered by one. The size limits are for whoever reads
 * the file. Throws AuthenticationFailure `policy-refused`.
 */
export function evaluatePostPolicy(input: EvaluatePostPolicyInput): void {
  const { policy, bucketName } = input
  if (input.nowMs >= policy.expiresAt) throw refused('Policy expired.')
  const fields = new Map(input.fields).set('bucket', bucketName)
  const covered = new Set<string>()
  for (const condition of policy.conditions) {
    const { field, operator, writtenField, value } = condition
    if (field === null || !isMet(condition, fields.get(field) ?? ''))
      throw refused(`Policy Condition failed: ["${operator}", "${writtenField}", "${value}"]`)
    covered.add(field)
  }
  for (const name of fields.keys()) {
    if (!covered.has(name) && !isExempt(name)) throw refused(`Extra input fields: ${name}`)
  }
}

function isMet(condition: PolicyCondition, value: string): boolean {
  if (condition.operator === 'eq') return value === condition.value
  // A list of content types starts with what each of them starts with.
  return condition.field === 'content-type'
    ? value.split(',').every((type) => type.trim().startsWith(condition.value))
    : value.startsWith(condition.value)
}

function isExempt(name: string): boolean {
  return EXEMPT_FIELDS.has(name) || EXEMPT_PREFIXES.some((prefix) => name.startsWith(prefix))
}

function refused(problem: string): AuthenticationFailure {
  return new AuthenticationFailure('policy-refused', `Invalid according to Policy: ${problem}`)
}
