import type { Condition, Policy } from './policy.ts'
import { hasWildcard } from './wildcard.ts'

/** Address ranges wider than this leave a policy public. */
const NARROW_IPV4_BITS_MIN = 8
const NARROW_IPV6_BITS_MIN = 32

/**
 * Whether the policy lets everyone in, in S3's sense: an Allow for every principal that no condition ties to fixed addresses or accounts.
 * `BlockPublicPolicy` refuses such a policy, `RestrictPublicBuckets` takes away what it grants to others.
 */
export function isPublicPolicy(policy: Policy): boolean {
  return policy.statements.some(
    ({ effect, principal, conditions }) =>
      effect === 'Allow' && (principal.isEveryone || principal.isNegated) && !conditions.some(isNarrowing),
  )
}

function isNarrowing({ key, operator, holdsWhenAbsent, values }: Condition): boolean {
  if (operator.isNegation || holdsWhenAbsent || operator.name === 'Null') return false
  if (key === 'aws:principalaccount') return !values.some(hasWildcard)
  return key === 'aws:sourceip' && values.every(isNarrowRange)
}

function isNarrowRange(range: string): boolean {
  const [address = '', prefix] = range.split('/')
  return (
    prefix === undefined ||
    Number(prefix) >= (address.includes(':') ? NARROW_IPV6_BITS_MIN : NARROW_IPV4_BITS_MIN)
  )
}
