import { isIP } from 'node:net'
import { coverMuch, isNarrowRange } from './address-ranges.ts'
import type { Condition, Policy } from './policy.ts'
import { hasWildcard } from './wildcard.ts'

/** Keys of which a fixed value ties a grant to somebody, as S3 lists them; `aws:SourceIp` is apart. */
const IDENTIFYING_KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
])

/** Operators that hold for the values of the policy alone, where these have no wildcards. */
const EQUALITIES: ReadonlySet<string> = new Set([
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'ArnEquals',
  'ArnLike',
])

const known = new WeakMap<Policy, boolean>()

/**
 * Whether the policy lets everyone in, in S3's sense: an Allow for every principal that no condition ties to fixed values of the keys that say
 * who asks or from where, compared for equality. Addresses of all such statements count together: many narrow ranges may be everyone as
 * well. Deny statements are not looked at. `BlockPublicPolicy` refuses such a policy, `RestrictPublicBuckets` takes away what it
 * grants to others.
 */
export function isPublicPolicy(policy: Policy): boolean {
  const before = known.get(policy)
  if (before !== undefined) return before
  const isPublic = grantsToEveryone(policy)
  known.set(policy, isPublic)
  return isPublic
}

function grantsToEveryone(policy: Policy): boolean {
  const addresses: string[] = []
  for (const { effect, principal, conditions } of policy.statements) {
    if (effect === 'Deny' || !(principal.isEveryone || principal.isNegated)) continue
    const binding = conditions.filter(canBind)
    if (binding.some(namesSomebody)) continue
    const narrow = binding.find(namesAddresses)
    if (!narrow) return true
    addresses.push(...narrow.values)
  }
  return coverMuch(addresses)
}

/** Whether a condition fails for requests that lack the key, and for other values than the policy's. */
function canBind({ operator, holdsWhenAbsent, quantifier }: Condition): boolean {
  return !operator.isNegation && !holdsWhenAbsent && quantifier !== 'all'
}

function namesSomebody({ key, operator, values }: Condition): boolean {
  return IDENTIFYING_KEYS.has(key) && EQUALITIES.has(operator.name) && !values.some(hasWildcard)
}

function namesAddresses({ key, operator, values }: Condition): boolean {
  if (key !== 'aws:sourceip') return false
  if (operator.name === 'IpAddress') return values.every(isNarrowRange)
  return EQUALITIES.has(operator.name) && values.every((value) => isIP(value) !== 0)
}
