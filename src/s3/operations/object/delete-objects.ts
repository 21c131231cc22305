import { unquoteEtag } from '../../../base/etags.ts'
import type { InputOf, OutputOf } from '../../../model/operation.ts'
import { s3Errors } from '../../../model/s3/errors.ts'
import * as model from '../../../model/s3/object/delete-objects.ts'
import { basicActions, furtherActions, rightsOf } from '../../../model/s3/right.ts'
import type { Admission } from '../../../service/admission.ts'
import { deleteObject } from '../../../service/objects/delete-object.ts'
import {
  type BatchEntry,
  deleteObjects,
  type DeleteOutcome,
} from '../../../service/objects/delete-objects.ts'
import type { S3Call } from '../../call.ts'
import { s3FormOf } from '../../errors.ts'
import { handler } from '../../operation-handler.ts'

/** Deletes an object or a version; what does not exist is deleted. Throws `PreconditionFailed`, and `AccessDenied` for what is locked. */
export const deleteObjectHandler = handler(model.deleteObject, async (input, call) => {
  const { BypassGovernanceRetention: bypassGovernance } = input
  call.exchange.facts.bypassesGovernance = bypassGovernance === true
  const { versionId, isDeleteMarker } = await deleteObject(call.context, call.admission, {
    objectKey: call.objectKey,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
    ...(input.IfMatch !== undefined && { ifMatch: unquoteEtag(input.IfMatch) }),
    ...(input.IfMatchLastModifiedTime !== undefined && {
      ifMatchLastModified: input.IfMatchLastModifiedTime,
    }),
    ...(input.IfMatchSize !== undefined && { ifMatchSizeBytes: input.IfMatchSize }),
    ...(bypassGovernance !== undefined && { bypassGovernance }),
  })
  return { DeleteMarker: isDeleteMarker ? true : undefined, VersionId: versionId }
})

const rights = rightsOf(model.deleteObjects)

/**
 * Deletes up to 1000 objects or versions, each with an outcome of its own: S3 decides about each key, and one who may delete none of them
 * still gets a document that says so. Throws `MalformedXML` for none or more.
 */
export const deleteObjectsHandler = handler(model.deleteObjects, deleteBatch, {
  isRefusedUnread: ({ access }) => access.isClosedToStrangers('s3:DeleteObject'),
})

async function deleteBatch(
  input: InputOf<typeof model.deleteObjects>,
  call: S3Call,
): Promise<OutputOf<typeof model.deleteObjects>> {
  const { BypassGovernanceRetention: bypassGovernance } = input
  const entries = input.Delete.Objects.map((identifier): BatchEntry => {
    const { Key, VersionId, ETag, LastModifiedTime, Size } = identifier
    return {
      objectKey: Key,
      ...(VersionId !== undefined && { versionId: VersionId }),
      ...(ETag !== undefined && { ifMatch: unquoteEtag(ETag) }),
      ...(LastModifiedTime !== undefined && { ifMatchLastModified: LastModifiedTime }),
      ...(Size !== undefined && { ifMatchSizeBytes: Size }),
      ...(bypassGovernance !== undefined && { bypassGovernance }),
      admit: () => admit(call, { ...identifier, BypassGovernanceRetention: bypassGovernance }),
    }
  })
  call.exchange.facts.bypassesGovernance = entries.some((entry) => entry.bypassGovernance)
  const results = await deleteObjects(call.context, call.admission, entries)
  noteInAccessLog(call, results)
  return {
    Deleted: input.Delete.Quiet === true ? [] : results.flatMap(deletedElement),
    Errors: results.flatMap(errorElement),
  }
}

/** S3 logs each object of a batch on its own. */
function noteInAccessLog({ exchange: { facts } }: S3Call, outcomes: readonly DeleteOutcome[]): void {
  const target = facts.accessLog
  if (!target) return
  facts.furtherAccesses = outcomes.map(({ objectKey, versionId, error }) => {
    const errorCode = error && s3FormOf(error).code
    return {
      target,
      operation: 'BATCH.DELETE.OBJECT',
      objectKey,
      status: errorCode === undefined ? 204 : s3Errors[errorCode].status,
      ...(versionId !== undefined && { versionId }),
      ...(errorCode !== undefined && { errorCode }),
    }
  })
}

/** What each entry needs, by whether it names a version. */
const basics = {
  named: basicActions(rights, 'each-object', true),
  newest: basicActions(rights, 'each-object', false),
}

/** By what an entry is let in: a batch as a whole needs no right. Waits only where the decision depends on what is stored. Throws `AccessDenied`. */
function admit(
  call: S3Call,
  entry: {
    readonly Key: string
    readonly VersionId?: string | undefined
    readonly ETag?: string | undefined
    readonly BypassGovernanceRetention: boolean | undefined
  },
): Admission | Promise<Admission> {
  const { Key: objectKey, VersionId: versionId, ETag: ifMatch = null } = entry
  const namesVersion = versionId !== undefined
  const access = call.access.at({ bucket: call.access.bucket, objectKey, versionId, ifMatch })
  access.require(namesVersion ? basics.named : basics.newest)
  access.require(furtherActions(rights, 'each-object', { input: entry, namesVersion }))
  return access.isDecided ? access.admission : access.decide().then(() => access.admission)
}

function deletedElement(outcome: DeleteOutcome) {
  if (!('deleted' in outcome)) return []
  const { versionId, isDeleteMarker } = outcome.deleted
  return [
    {
      Key: outcome.objectKey,
      VersionId: outcome.versionId,
      DeleteMarker: isDeleteMarker ? true : undefined,
      DeleteMarkerVersionId: isDeleteMarker ? versionId : undefined,
    },
  ]
}

function errorElement(outcome: DeleteOutcome) {
  if (!('error' in outcome)) return []
  const { code, message = s3Errors[code].message } = s3FormOf(outcome.error)
  return [
    {
      Key: outcome.objectKey,
      VersionId: outcome.versionId,
      Code: code,
      Message: message,
    },
  ]
}
