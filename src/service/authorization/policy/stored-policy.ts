import type { BucketRecord } from '../../records/bucket.ts'
import { parsePolicy } from './parse.ts'
import { Policy } from './policy.ts'

/** Characters of the policies that are kept ready; each is a few times as large as its text, at worst some thirty times. */
const KEPT_CHARACTERS_MAX = 2 * 1024 * 1024

interface KeptPolicy {
  readonly text: string
  readonly policy: Policy
}

/** By bucket id; those that were not asked for longest come first. */
const kept = new Map<string, KeptPolicy>()
let keptCharacters = 0

const NO_STATEMENTS = new Policy([])

/** A bucket's policy, made ready once for each text. It was validated before it was stored. */
export function policyOf(bucket: BucketRecord): Policy {
  const { bucketId, policy: text } = bucket
  if (text === undefined) return NO_STATEMENTS
  const known = forget(bucketId)
  const policy = known?.text === text ? known.policy : parsePolicy(text, bucket.name)
  kept.set(bucketId, { text, policy })
  keptCharacters += text.length
  for (const oldest of kept.keys()) {
    if (keptCharacters <= KEPT_CHARACTERS_MAX) break
    forget(oldest)
  }
  return policy
}

function forget(bucketId: string): KeptPolicy | undefined {
  const known = kept.get(bucketId)
  if (!known) return undefined
  kept.delete(bucketId)
  keptCharacters -= known.text.length
  return known
}
