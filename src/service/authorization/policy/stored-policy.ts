import type { BucketRecord } from '../../records/bucket.ts'
import { parsePolicy } from './parse.ts'
import type { Policy } from './policy.ts'

const parsed = new WeakMap<BucketRecord, Policy>()

const NO_STATEMENTS: Policy = { statements: [] }

/** A bucket's policy, parsed once for each state of its record. It was validated before it was stored. */
export function policyOf(bucket: BucketRecord): Policy {
  if (bucket.policy === undefined) return NO_STATEMENTS
  let policy = parsed.get(bucket)
  if (!policy) {
    policy = parsePolicy(bucket.policy, bucket.name)
    parsed.set(bucket, policy)
  }
  return policy
}
