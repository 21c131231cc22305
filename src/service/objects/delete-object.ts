import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { DeleteConditions } from './conditions.ts'

export interface DeleteObjectInput extends DeleteConditions {
  readonly key: string
  /** Absent: S3's plain delete, which removes the object or, in a bucket with versions, puts a delete marker on top. */
  readonly versionId?: string
  /** Removes also a version under GOVERNANCE retention; that the principal may do so is the caller's check. */
  readonly bypassGovernance?: boolean
}

export interface DeletedObject {
  /** The version removed, or the delete marker's id; absent when the bucket never had versioning. */
  readonly versionId?: string
  /** Whether a delete marker was made, or the version removed was one. */
  readonly isDeleteMarker: boolean
}

/**
 * Deletes an object or one version of it. Deleting what does not exist succeeds. Errors (S3): `PreconditionFailed`, `AccessDenied`
 * (retention or legal hold), `InvalidArgument` (version id not one of ours), `NoSuchBucket`, `InvalidAccessKeyId`.
 */
export async function deleteObject(
  _context: ServiceContext,
  _admission: Admission,
  _input: DeleteObjectInput,
): Promise<DeletedObject> {
  throw new ServiceError('NotImplemented')
}
