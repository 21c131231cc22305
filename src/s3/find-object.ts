import type { ServiceContext } from '../service/context.ts'
import {
  findVersion,
  isMissingVersion,
  type ObjectAddress,
  type PermittedAddress,
} from '../service/objects/find-version.ts'
import { openObject, type OpenObject, type OpenObjectInput } from '../service/objects/open-object.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import type { ObjectRecord } from '../service/records/object.ts'
import type { S3Call } from './call.ts'
import { objectAddress } from './request/object-address.ts'

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
    if (isMissingVersion(error)) return null
    throw error
  }
}

/** Which version of the addressed object a request is about, with the decision that waited for it. */
export function permittedAddress(
  call: S3Call,
  input: { readonly VersionId?: string | undefined },
): PermittedAddress {
  return { ...objectAddress(call, input), permit: (record) => call.access.permit(record) }
}

/**
 * Opens the object that a request is about, and makes the decision that waited for it. One who may not list the bucket does not learn
 * whether the object exists: `AccessDenied` instead of `NoSuchKey`.
 */
export async function openPermitted(call: S3Call, input: OpenObjectInput): Promise<OpenObject> {
  return openObject(call.context, call.admission, {
    ...input,
    permit: (record) => call.access.permit(record),
  })
}
