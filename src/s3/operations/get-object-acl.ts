import { getObjectAcl as model } from '../../model/s3/get-object-acl.ts'
import { accessControlPolicy, ownerOnly } from '../answer/access-control-policy.ts'
import { openPermitted } from '../permitted-object.ts'
import { objectAddress } from '../request/object-address.ts'
import { handler } from '../operation-handler.ts'

/** Shows a version's ACL; that of its owner alone when it has none, and that of the bucket's owner where ACLs are off. */
export const getObjectAclHandler = handler(
  model,
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
