import { ServiceError } from '../service/errors.ts'
import { openObject, type OpenObject, type OpenObjectInput } from '../service/objects/open-object.ts'
import type { S3Call } from './call.ts'

/** As openObject, but null when there is no such object: for decisions that only need to know. */
export async function findObject(call: S3Call, key: string, versionId?: string): Promise<OpenObject | null> {
  try {
    return await openObject(call.context, call.admission, {
      key,
      ...(versionId !== undefined && { versionId }),
    })
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
    if (isMissing(error)) call.permit(null)
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
