import { putObjectAcl as model } from '../../model/s3/put-object-acl.ts'
import { ServiceError } from '../../service/errors.ts'
import { putObjectAcl } from '../../service/objects/object-acl.ts'
import { openPermitted } from '../permitted-object.ts'
import { givenAcl } from '../request/given-acl.ts'
import { objectAddress } from '../request/object-address.ts'
import { handler } from '../operation-handler.ts'

/** Replaces a version's ACL. Throws `AccessControlListNotSupported`, and `AccessDenied` for one that would have no effect. */
export const putObjectAclHandler = handler(
  model,
  async (input, call) => {
    const { record } = await openPermitted(call, objectAddress(call, input))
    const { bucket } = call
    if (bucket.objectOwnership === 'BucketOwnerEnforced')
      throw new ServiceError('AccessControlListNotSupported')
    const acl = await givenAcl(call, input, {
      ownerAccountId: record.ownerAccountId,
      bucketOwnerAccountId: bucket.accountId,
    })
    const { versionId } = await putObjectAcl(call.context, call.admission, {
      ...objectAddress(call, input),
      acl,
    })
    return { VersionId: versionId }
  },
  { permitsObject: true },
)
