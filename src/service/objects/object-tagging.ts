import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { ObjectTag } from '../records/object.ts'
import type { ObjectAddress } from './find-version.ts'

/** The tags of a version; empty when it has none. Errors as openObject. */
export async function getObjectTagging(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _address: ObjectAddress,
): Promise<{ readonly versionId?: string; readonly tags: readonly ObjectTag[] }> {
  throw new ServiceError('NotImplemented')
}

/** Replaces the tags of a version (an empty list removes them). Errors as openObject, and `InvalidTag`. */
export async function putObjectTagging(
  _context: ServiceContext,
  _admission: Admission,
  _input: ObjectAddress & { readonly tags: readonly ObjectTag[] },
): Promise<{ readonly versionId?: string }> {
  throw new ServiceError('NotImplemented')
}
