import type { ObjectAddress } from '../../service/versions/find-version.ts'
import type { S3Call } from '../call.ts'

/** Which version of the addressed object a request is about. */
export function objectAddress(
  call: S3Call,
  input: { readonly VersionId?: string | undefined },
): ObjectAddress {
  return { objectKey: call.objectKey, ...(input.VersionId !== undefined && { versionId: input.VersionId }) }
}
