import * as model from '../../../model/s3/version/acl.ts'
import { S3Error } from '../../s3-error.ts'
import { putObjectAcl } from '../../../service/objects/object-acl.ts'
import { accessControlPolicy, ownerOnly } from '../../response/access-control-policy.ts'
import { handler } from '../../operation-handler.ts'
import { openPermitted } from '../../permitted-object.ts'
import { givenAcl } from '../../request/given-acl.ts'
import { objectAddress } from '../../request/object-address.ts'

/** Shows a version's ACL; that of its owner alone when it has none, and that of the bucket's owner where ACLs are off. */
export const getObjectAclHandler = handler(
  model.getObjectAcl,
  async (input, call) => {
    const { record } = await openPermitted(call, objectAddress(call, input))
    const { accountId, objectOwnership } = call.bucket
    const shown =
      objectOwnership === 'BucketOwnerEnforced'
        ? ownerOnly(accountId)
        : (record.acl ?? ownerOnly(record.ownerAccountId))
    return { AccessControlPolicy: await accessControlPolicy(call.context, shown) }
  },
  { permitsObject: true },
)

/** Replaces a version's ACL. Throws `AccessControlListNotSupported`, and `AccessDenied` for one that would have no effect. */
export const putObjectAclHandler = handler(
  model.putObjectAcl,
  async (input, call) => {
    const { record } = await openPermitted(call, { ...objectAddress(call, input), meansMarker: true })
    const { bucket } = call
    const acl = await givenAcl(call, input, {
      ownerAccountId: record.ownerAccountId,
      bucketOwnerAccountId: bucket.accountId,
    })
    if (bucket.objectOwnership === 'BucketOwnerEnforced') throw new S3Error('AccessControlListNotSupported')
    const { versionId } = await putObjectAcl(call.context, call.admission, {
      ...objectAddress(call, input),
      acl,
    })
    return { VersionId: versionId }
  },
  { permitsObject: true },
)
