import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { AccessControlList } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import type { ObjectAddress } from './find-version.ts'

/** A version's record, whose `acl` is absent when it is private to its owner. Errors as openObject. */
export async function getObjectAcl(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _address: ObjectAddress,
): Promise<{ readonly versionId?: string; readonly record: ObjectRecord }> {
  throw new ServiceError('NotImplemented')
}

/** Replaces a version's ACL; that the principal may, and that the bucket takes ACLs, is the caller's check. Errors as openObject. */
export async function putObjectAcl(
  _context: ServiceContext,
  _admission: Admission,
  _input: ObjectAddress & { readonly acl: AccessControlList },
): Promise<{ readonly versionId?: string }> {
  throw new ServiceError('NotImplemented')
}
