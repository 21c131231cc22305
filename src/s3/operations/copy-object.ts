import { copyObject as model } from '../../model/s3/copy-object.ts'
import { copyObject } from '../../service/objects/copy-object.ts'
import { noteVersion } from '../access-log/note-version.ts'
import { checksumOutput } from '../answer/checksum-output.ts'
import { encryptionOutput } from '../answer/encryption-output.ts'
import { expirationHeader } from '../answer/expiration-header.ts'
import { digestCopy } from '../body/digest-copy.ts'
import { permittedCopySource } from '../copy-source.ts'
import { handler } from '../operation-handler.ts'
import { newObjectAcl } from '../request/acl-headers.ts'
import { quoteEtag } from '../request/etags.ts'
import { objectAttributes } from '../request/object-attributes.ts'
import { writeConditions } from '../request/write-conditions.ts'

/** Copies an object that the principal may read. Throws what `permittedCopySource` and `copyObject` throw. */
export const copyObjectHandler = handler(model, 's3:PutObject', async (input, call) => {
  const source = await permittedCopySource(call, input)
  const attributes = objectAttributes(call.context.settings, input, await newObjectAcl(call, input))
  const written = await copyObject(call.context, call.admission, {
    source,
    key: call.objectKey,
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
    VersionId: versionId,
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
