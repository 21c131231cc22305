import { deleteObjects as model } from '../../model/s3/delete-objects.ts'
import { s3Errors } from '../../model/s3/errors.ts'
import { ServiceError } from '../../service/errors.ts'
import { deleteObjects, type DeleteOutcome } from '../../service/objects/delete-objects.ts'
import type { DeleteObjectInput } from '../../service/objects/delete-object.ts'
import { s3CodeOf } from '../answer/answer-error.ts'
import type { S3Call } from '../call.ts'
import { findObject } from '../find-object.ts'
import { handler } from '../operation-handler.ts'
import { unquoteEtag } from '../request/etags.ts'

/**
 * Deletes up to 1000 objects or versions, each with an outcome of its own: S3 decides about each key, and one who may delete none of them
 * still gets a document that says so. Throws `MalformedXML` for none or more.
 */
export const deleteObjectsHandler = handler(model, null, async (input, call) => {
  if (input.Delete.Objects.length === 0) throw new ServiceError('MalformedXML')
  const wanted = input.Delete.Objects.map(
    ({ Key, VersionId, ETag, LastModifiedTime, Size }): DeleteObjectInput => ({
      key: Key,
      ...(VersionId !== undefined && { versionId: VersionId }),
      ...(ETag !== undefined && { ifMatch: unquoteEtag(ETag) }),
      ...(LastModifiedTime !== undefined && { ifMatchLastModified: LastModifiedTime }),
      ...(Size !== undefined && { ifMatchSizeBytes: Size }),
      ...(input.BypassGovernanceRetention === true &&
        call.isAllowed('s3:BypassGovernanceRetention', { objectKey: Key }) && { bypassGovernance: true }),
    }),
  )
  const allowed: boolean[] = []
  for (const item of wanted) allowed.push(await mayDelete(call, item))
  const permitted = wanted.filter((_, at) => allowed[at])
  const outcomes = permitted.length > 0 ? await deleteObjects(call.context, call.admission, permitted) : []
  let next = 0
  const results = wanted.map(
    (item, at): DeleteOutcome => (allowed[at] ? outcomes[next++] : undefined) ?? refusal(item),
  )
  noteInAccessLog(call, results)
  return {
    Deleted: input.Delete.Quiet === true ? [] : results.flatMap(deletedElement),
    Errors: results.flatMap(errorElement),
  }
})

/** S3 logs each object of a batch on its own. */
function noteInAccessLog({ exchange: { facts } }: S3Call, outcomes: readonly DeleteOutcome[]): void {
  const target = facts.accessLog
  if (!target) return
  facts.furtherAccesses = outcomes.map(({ key, versionId, error }) => {
    const errorCode = error && s3CodeOf(error)
    return {
      target,
      operation: 'BATCH.DELETE.OBJECT',
      objectKey: key,
      status: errorCode === undefined ? 204 : s3Errors[errorCode].status,
      ...(versionId !== undefined && { versionId }),
      ...(errorCode !== undefined && { errorCode }),
    }
  })
}

async function mayDelete(call: S3Call, { key, versionId }: DeleteObjectInput): Promise<boolean> {
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion'
  if (call.isAllowed(action, { objectKey: key })) return true
  if (!call.needsObject(action, call.bucket, key)) return false
  const address = { key, ...(versionId !== undefined && { versionId }) }
  const object = await findObject(call.context, call.bucket, address)
  return call.isAllowed(action, { objectKey: key, object })
}

function refusal({ key, versionId }: DeleteObjectInput): DeleteOutcome {
  return { key, ...(versionId !== undefined && { versionId }), error: new ServiceError('AccessDenied') }
}

function deletedElement(outcome: DeleteOutcome) {
  if (!('deleted' in outcome)) return []
  const { versionId, isDeleteMarker } = outcome.deleted
  return [
    {
      Key: outcome.key,
      VersionId: outcome.versionId,
      DeleteMarker: isDeleteMarker ? true : undefined,
      DeleteMarkerVersionId: isDeleteMarker ? versionId : undefined,
    },
  ]
}

function errorElement(outcome: DeleteOutcome) {
  if (!('error' in outcome)) return []
  const code = s3CodeOf(outcome.error)
  return [
    {
      Key: outcome.key,
      VersionId: outcome.versionId,
      Code: code,
      Message: outcome.error.message || s3Errors[code].message,
    },
  ]
}
