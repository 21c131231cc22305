import { isPublicAcl } from '../authorization/access-control-list.ts'
import type { CheckedPolicy } from '../authorization/policy/check-policy.ts'
import { isPublicPolicy } from '../authorization/policy/public-policy.ts'
import { policyOf } from '../authorization/policy/stored-policy.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** The bucket with a policy in place of its own. Throws `AccessDenied` for a public one where these are blocked. */
export function withPolicy(record: BucketRecord, { policy, text }: CheckedPolicy): BucketRecord {
  if (record.publicAccessBlock?.blockPublicPolicy === true && isPublicPolicy(policy))
    throw new DomainError('AccessDenied')
  return { ...record, policy: text }
}

/** Whether the bucket is public: by its policy, its ACL or its access rules; so one without a policy can be, too. */
export function isPublicBucket(bucket: BucketRecord): boolean {
  return (
    (bucket.policy !== undefined && isPublicPolicy(policyOf(bucket))) ||
    (bucket.acl !== undefined && isPublicAcl(bucket.acl)) ||
    bucket.accessRules.getObject === 'public'
  )
}
