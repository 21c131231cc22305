import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { WriteConditions } from './conditions.ts'
import type { ObjectAttributes } from './object-attributes.ts'
import type { ObjectBody } from './object-body.ts'
import type { WrittenVersion } from './written-version.ts'

export interface PutObjectInput extends WriteConditions {
  /** UTF-8, 1–1024 bytes. */
  readonly key: string
  readonly body: ObjectBody
  readonly attributes: ObjectAttributes
}

/**
 * Stores an object: the bytes first, then one commit that makes them visible under the key. Errors (S3): those of the body;
 * `KeyTooLongError`, `EntityTooLarge` (over 5 GiB), `InvalidRequest` (a lock in a bucket without object lock), `NoSuchKey` and
 * `PreconditionFailed` (conditions), `ConditionalRequestConflict`, `NoSuchBucket`, `InvalidAccessKeyId`.
 */
export async function putObject(
  _context: ServiceContext,
  _admission: Admission,
  _input: PutObjectInput,
): Promise<WrittenVersion> {
  throw new ServiceError('NotImplemented')
}
