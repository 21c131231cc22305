import type { ServiceContext } from '../service/context.ts'
import { ServiceError } from '../service/errors.ts'
import { findVersion, type ObjectAddress } from '../service/objects/find-version.ts'
import { openObject, type OpenObject, type OpenObjectInput } from '../service/objects/open-object.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import type { ObjectRecord } from '../service/records/object.ts'
import type { S3Call } from './call.ts'

/**
 * What access depends on of a version; null when there is no such version. It is known without the key of an object that a customer's
 * key encrypts.
 */
export async function findObject(
  context: ServiceContext,
  bucket: BucketRecord,
  address: ObjectAddress,
): Promise<ObjectRecord | null> {
  try {
    return (await findVersion(context, bucket, address)).stored.record
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/**
 * Opens the object that a request is about, and makes the decision that waited for it. One who may not list the bucket does not learn
 * whether the object exists: `AccessDenied` instead of `NoSuchKey`.
 */
export async function openPermitted(call: S3Call, input: OpenObjectInput): Promise<OpenObject> {
  let found: OpenObject
  try {
    found = await openObject(call.context, call.admission, input)
  } catch (error) {
    if (isMissing(error)) call.permitMissing()
    throw error
  }
  call.permit(found.record)
  return found
}

function isMissing(error: unknown): boolean {
  return error instanceof ServiceError && MISSING.has(error.code)
}

/** What openObject throws when there is nothing to read; a delete marker asked for by its id is `MethodNotAllowed`. */
const MISSING: ReadonlySet<string> = new Set([
  'NoSuchKey',
  'NoSuchVersion',
  'MethodNotAllowed',
  'InvalidPart',
])
