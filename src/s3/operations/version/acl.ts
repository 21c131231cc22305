import * as model from '../../../model/s3/version/acl.ts'
import { enforcesOwner } from '../../../service/authorization/acls-in-force.ts'
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
    const shown = enforcesOwner(call.bucket)
      ? ownerOnly(call.bucket.accountId)
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
    const acl = await givenAcl(call, input, {
      ownerAccountId: record.ownerAccountId,
      bucketOwnerAccountId: call.bucket.accountId,
    })
    const { versionId } = await putObjectAcl(call.context, call.admission, {
      ...objectAddress(call, input),
      acl,
    })
    return { VersionId: versionId }
  },
  { permitsObject: true },
)
