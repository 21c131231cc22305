import * as model from '../../../model/s3/object/copy-object.ts'
import { basicActions, furtherActions, rightsOf } from '../../../model/s3/right.ts'
import { copyObject } from '../../../service/objects/copy-object.ts'
import type { ObjectRecord } from '../../../service/records/object.ts'
import { noteVersion } from '../../access-log/note-version.ts'
import { checksumOutput } from '../../response/checksum-output.ts'
import { encryptionOutput } from '../../response/encryption-output.ts'
import { expirationHeader } from '../../response/expiration-header.ts'
import { digestCopy } from '../../body/digest-copy.ts'
import { permittedCopySource } from '../../copy-source.ts'
import { handler } from '../../operation-handler.ts'
import { newObjectAcl } from '../../request/acl-headers.ts'
import { quoteEtag } from '../../request/etags.ts'
import { objectAttributes } from '../../request/object-attributes.ts'
import { writeConditions } from '../../request/write-conditions.ts'

const rights = rightsOf(model.copyObject)

/** Copies an object that the principal may read. Throws what `permittedCopySource` and `copyObject` throw. */
export const copyObjectHandler = handler(model.copyObject, async (input, call) => {
  const { source, access, namesVersion } = await permittedCopySource(call, rights, input)
  /** What the source is decides what else the copy needs: its tags go with it. */
  const permit = async (record: ObjectRecord | null) => {
    await source.permit?.(record)
    const tags = record?.tags ?? []
    if (tags.length === 0 || input.TaggingDirective === 'REPLACE') return
    const known = { isSourceTagged: true }
    access.require(furtherActions(rights, 'source', { input, known, namesVersion }))
    access.permit(record)
    // What may not be put with these tags may not be copied with them, either.
    const request = { ...call.access.request, requestTags: tags }
    await call.access.requireNow(basicActions(rights, 'object', false), 'version', request)
    const actions = furtherActions(rights, 'new-object', { input, known, namesVersion: false })
    await call.access.requireNow(actions, 'new-object', request)
  }
  const attributes = objectAttributes(call.context.settings, input, await newObjectAcl(call, input))
  const written = await copyObject(call.context, call.admission, {
    source: { ...source, permit },
    objectKey: call.objectKey,
    metadataDirective: input.MetadataDirective ?? 'COPY',
    taggingDirective: input.TaggingDirective ?? 'COPY',
    attributes,
    namesStorageClass: input.StorageClass !== undefined,
    digest: digestCopy(input.ChecksumAlgorithm),
    ...writeConditions(input),
  })
  const { record, versionId, sourceVersionId } = written
  noteVersion(call.exchange.facts, written)
  return {
    CopySourceVersionId: sourceVersionId,
    // Unlike a put, a copy tells the version where versioning is suspended, too.
    VersionId: versionId ?? (call.bucket.versioning === 'Suspended' ? record.versionId : undefined),
    Expiration: expirationHeader(call, record),
    ...encryptionOutput(record.encryption),
    CopyObjectResult: {
      ETag: quoteEtag(record.etag),
      LastModified: record.lastModified,
      ...(record.checksum && { ChecksumType: record.checksum.type }),
      ...checksumOutput(record.checksum),
    },
  }
})
