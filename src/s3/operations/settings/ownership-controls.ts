import * as model from '../../../model/s3/settings/ownership-controls.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { withObjectOwnership } from '../../../service/buckets/object-ownership.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { S3Error } from '../../s3-error.ts'
import { handler } from '../../operation-handler.ts'

/** Tells who owns new objects. Throws `OwnershipControlsNotFoundError`. */
export const getBucketOwnershipControlsHandler = handler(
  model.getBucketOwnershipControls,
  async (_input, call) => {
    const { objectOwnership } = call.bucket
    if (!objectOwnership)
      throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'object-ownership' })
    return { OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] } }
  },
)

/** Says who owns new objects. Throws `InvalidBucketAclWithObjectOwnership` where the ACL gives something to others. */
export const putBucketOwnershipControlsHandler = handler(
  model.putBucketOwnershipControls,
  async (input, call) => {
    const [rule] = input.OwnershipControls.Rules
    if (!rule) throw new S3Error('MalformedXML')
    const { ObjectOwnership: objectOwnership } = rule
    await changeS3Bucket(call.context, call.admission, (record) =>
      withObjectOwnership(record, objectOwnership),
    )
    return {}
  },
)

/** Removes the rule about who owns new objects: whoever writes them does, where ACLs are in force. */
export const deleteBucketOwnershipControlsHandler = handler(
  model.deleteBucketOwnershipControls,
  async (_input, call) => {
    await changeS3Bucket(call.context, call.admission, ({ objectOwnership: _ownership, ...record }) => record)
    return {}
  },
)
