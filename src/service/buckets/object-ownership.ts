import { grantsToOthers } from '../authorization/access-control-list.ts'
import { enforcesOwner } from '../authorization/acls-in-force.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** The bucket with a rule about who owns new objects. Throws `BucketAclNotInForce` where that makes its ACL useless. */
export function withObjectOwnership(
  record: BucketRecord,
  objectOwnership: NonNullable<BucketRecord['objectOwnership']>,
): BucketRecord {
  const changed = { ...record, objectOwnership }
  refuseUselessAcl(changed)
  return changed
}

/** With ACLs out of force, what a bucket's gives to others would come to nothing without anybody noticing. Throws `BucketAclNotInForce`. */
export function refuseUselessAcl(bucket: Pick<BucketRecord, 'objectOwnership' | 'acl' | 'accountId'>): void {
  if (enforcesOwner(bucket) && grantsToOthers(bucket.acl, bucket.accountId))
    throw new DomainError('BucketAclNotInForce')
}
