import { putBucketOwnershipControls as model } from '../../model/s3/put-bucket-ownership-controls.ts'
import { grantsToOthers } from '../../service/authorization/access-control-list.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Says who owns new objects. Throws `InvalidBucketAclWithObjectOwnership` where the ACL gives something to others. */
export const putBucketOwnershipControlsHandler = handler(model, async (input, call) => {
  const [rule] = input.OwnershipControls.Rules
  if (!rule) throw new ServiceError('MalformedXML')
  const { ObjectOwnership: objectOwnership } = rule
  await changeS3Bucket(call.context, call.admission, (record) => {
    // With ACLs out of force, what they give to others would come to nothing without anybody noticing.
    if (objectOwnership === 'BucketOwnerEnforced' && grantsToOthers(record.acl, record.accountId))
      throw new ServiceError('InvalidBucketAclWithObjectOwnership')
    return { ...record, objectOwnership }
  })
  return {}
})
