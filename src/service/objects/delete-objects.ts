import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { DeletedObject, DeleteObjectInput } from './delete-object.ts'

/** What became of one entry of a batch. */
export type DeleteOutcome = { readonly key: string; readonly versionId?: string } & (
  { readonly deleted: DeletedObject } | { readonly error: ServiceError }
)

/**
 * Deletes up to 1000 objects or versions, each on its own; the outcomes are in the order of the input. Throws `MalformedXML` when
 * there are none or more; `NoSuchBucket` and `InvalidAccessKeyId` when those are gone.
 */
export async function deleteObjects(
  _context: ServiceContext,
  _admission: Admission,
  _inputs: readonly DeleteObjectInput[],
): Promise<DeleteOutcome[]> {
  throw new ServiceError('NotImplemented')
}
