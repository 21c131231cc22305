import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessControlList } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import { findVersion } from './find-version.ts'
import type { ObjectAddress } from './find-version.ts'
import { rewriteVersion } from './rewrite-version.ts'
import { shownVersionId } from './written-version.ts'

/** A version's record, whose `acl` is absent when it is private to its owner. Errors as openObject. */
export async function getObjectAcl(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  address: ObjectAddress,
): Promise<{ readonly versionId?: string; readonly record: ObjectRecord }> {
  const bucket = admission.bucket.record
  const { stored } = await findVersion(context, bucket, address)
  return { ...shownVersionId(bucket, stored.record), record: stored.record }
}

/** Replaces a version's ACL; that the principal may, and that the bucket takes ACLs, is the caller's check. Errors as openObject. */
export async function putObjectAcl(
  context: ServiceContext,
  admission: Admission,
  input: ObjectAddress & { readonly acl: AccessControlList },
): Promise<{ readonly versionId?: string }> {
  return rewriteVersion(context, admission, input, (record) => ({ ...record, acl: input.acl }))
}
