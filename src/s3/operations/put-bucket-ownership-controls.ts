import { putBucketOwnershipControls as model } from '../../model/s3/put-bucket-ownership-controls.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { ServiceError } from '../../service/errors.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'
import { handler } from '../operation-handler.ts'

/** Says who owns new objects. Throws `InvalidBucketAclWithObjectOwnership` where the ACL gives something to others. */
export const putBucketOwnershipControlsHandler = handler(model, async (input, call) => {
  const [rule] = input.OwnershipControls.Rules
  if (!rule) throw new ServiceError('MalformedXML')
  const { ObjectOwnership: objectOwnership } = rule
  await changeS3Bucket(call.context, call.admission, (record) => {
    // With ACLs out of force, what they give to others would come to nothing without anybody noticing.
    if (objectOwnership === 'BucketOwnerEnforced' && grantsToOthers(record))
      throw new ServiceError(
        'InvalidBucketAclWithObjectOwnership',
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      )
    return { ...record, objectOwnership }
  })
  return {}
})

function grantsToOthers({ acl, accountId }: BucketRecord): boolean {
  return (acl?.grants ?? []).some(
    ({ grantee }) => grantee.type === 'group' || grantee.accountId !== accountId,
  )
}
