import type { Admission } from '../admission.ts'
import { refuseOtherObjectAcl } from '../authorization/refused-acls.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessControlList } from '../records/bucket.ts'
import type { ObjectAddress } from '../versions/find-version.ts'
import { rewriteVersion } from '../versions/rewrite-version.ts'

/** Replaces a version's ACL; that the principal may is the caller's check. Errors as openObject and refuseOtherObjectAcl. */
export async function putObjectAcl(
  context: ServiceContext,
  admission: Admission,
  input: ObjectAddress & { readonly acl: AccessControlList },
): Promise<{ readonly versionId?: string }> {
  return await rewriteVersion(context, admission, input, (record, bucket) => {
    refuseOtherObjectAcl(bucket, input.acl)
    return { ...record, acl: input.acl }
  })
}
