import { deleteObject as model } from '../../model/s3/delete-object.ts'
import { unquoteEtag } from '../../base/etags.ts'
import { ServiceError } from '../../service/errors.ts'
import { deleteObject } from '../../service/objects/delete-object.ts'
import { handler } from '../operation-handler.ts'

/** Deletes an object or a version; what does not exist is deleted. Throws `PreconditionFailed`, and `AccessDenied` for what is locked. */
export const deleteObjectHandler = handler(model, async (input, call) => {
  if (input.BypassGovernanceRetention === true && !call.bucket.objectLock)
    throw new ServiceError(
      'InvalidArgument',
      'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    )
  const { versionId, isDeleteMarker } = await deleteObject(call.context, call.admission, {
    key: call.objectKey,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
    ...(input.IfMatch !== undefined && { ifMatch: unquoteEtag(input.IfMatch) }),
    ...(input.IfMatchLastModifiedTime !== undefined && {
      ifMatchLastModified: input.IfMatchLastModifiedTime,
    }),
    ...(input.IfMatchSize !== undefined && { ifMatchSizeBytes: input.IfMatchSize }),
    ...(input.BypassGovernanceRetention === true && { bypassGovernance: true }),
  })
  return { DeleteMarker: isDeleteMarker ? true : undefined, VersionId: versionId }
})
