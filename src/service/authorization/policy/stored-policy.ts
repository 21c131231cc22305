import type { BucketRecord } from '../../records/bucket.ts'
import { parseKeyPolicy, parsePolicy } from './parse.ts'
import { Policy } from './policy.ts'

/** Characters of the policies that are kept ready; each is a few times as large as its text, at worst some thirty times. */
const KEPT_CHARACTERS_MAX = 2 * 1024 * 1024

interface KeptPolicy {
  readonly text: string
  readonly policy: Policy
}

/** By bucket id or access key id; those that were not asked for longest come first. */
const kept = new Map<string, KeptPolicy>()
let keptCharacters = 0

const NO_STATEMENTS = new Policy([])

/** A bucket's policy, made ready once for each text. It was validated before it was stored. */
export function policyOf(bucket: BucketRecord): Policy {
  const { bucketId, policy: text, name } = bucket
  return text === undefined ? NO_STATEMENTS : ready(bucketId, text, () => parsePolicy(text, name))
}

/** The policy of an application key, made ready once for each text. It was validated before it was stored. */
export function keyPolicyOf({ id, text }: { readonly id: string; readonly text: string }): Policy {
  return ready(`key ${id}`, text, () => parseKeyPolicy(text))
}

function ready(owner: string, text: string, parse: () => Policy): Policy {
  const known = forget(owner)
  const policy = known?.text === text ? known.policy : parse()
  kept.set(owner, { text, policy })
  keptCharacters += text.length
  for (const oldest of kept.keys()) {
    if (keptCharacters <= KEPT_CHARACTERS_MAX) break
    forget(oldest)
  }
  return policy
}

function forget(owner: string): KeptPolicy | undefined {
  const known = kept.get(owner)
  if (!known) return undefined
  kept.delete(owner)
  keptCharacters -= known.text.length
  return known
}
