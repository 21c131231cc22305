import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessControlList } from '../records/bucket.ts'
import type { ObjectAddress } from './find-version.ts'
import { rewriteVersion } from './rewrite-version.ts'

/** Replaces a version's ACL; that the principal may, and that the bucket takes ACLs, is the caller's check. Errors as openObject. */
export async function putObjectAcl(
  context: ServiceContext,
  admission: Admission,
  input: ObjectAddress & { readonly acl: AccessControlList },
): Promise<{ readonly versionId?: string }> {
  return rewriteVersion(context, admission, input, (record) => ({ ...record, acl: input.acl }))
}
