import type { PermittedAddress } from '../service/versions/find-version.ts'
import { openObject, type OpenObject, type OpenObjectInput } from '../service/versions/open-object.ts'
import type { S3Call } from './call.ts'
import { objectAddress } from './request/object-address.ts'

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
  return await openObject(call.context, call.admission, {
    ...input,
    permit: (record) => call.access.permit(record),
  })
}
