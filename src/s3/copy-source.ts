import { basicActions, type Right } from '../model/s3/right.ts'
import { accessLogTarget } from '../service/access-logs/access-log-target.ts'
import { DomainError } from '../service/errors/domain-error.ts'
import { lookUpAccess } from '../service/credentials/look-up-access.ts'
import type { CopySource } from '../service/objects/copy-object.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import type { ObjectRecord } from '../service/records/object.ts'
import type { Access } from './access.ts'
import type { S3Call } from './call.ts'
import { checkExpectedOwner } from '../service/buckets/expected-owner.ts'
import { parseCopySource } from './request/copy-source.ts'
import { parseCustomerKey } from './request/customer-key.ts'
import { readConditions } from './request/read-conditions.ts'

/** What a copying request says about its source, under the names it has in inputs. */
interface CopySourceInput {
  readonly CopySource: string
  readonly ExpectedSourceBucketOwner?: string | undefined
  readonly CopySourceIfMatch?: string | undefined
  readonly CopySourceIfNoneMatch?: string | undefined
  readonly CopySourceIfModifiedSince?: number | undefined
  readonly CopySourceIfUnmodifiedSince?: number | undefined
  readonly CopySourceSSECustomerAlgorithm?: string | undefined
  readonly CopySourceSSECustomerKey?: string | undefined
  readonly CopySourceSSECustomerKeyMD5?: string | undefined
}

/** The source of a copy, and the rights that are asked for on it. */
interface PermittedSource {
  readonly source: CopySource
  readonly access: Access
  readonly namesVersion: boolean
}

/**
 * Finds the bucket of a copy's source and asks for what reading the source needs; where that depends on the object, it is decided when it is opened. A
 * source says no more than GetObject does: whether it exists is told to those who may list it. Throws `NoSuchBucket`, `AccessDenied`.
 */
export async function permittedCopySource(
  call: S3Call,
  rights: readonly Right[],
  input: CopySourceInput,
): Promise<PermittedSource> {
  const { bucketName, objectKey, versionId } = parseCopySource(input.CopySource)
  const bucket =
    bucketName === call.bucket.name
      ? call.access.bucket
      : (await lookUpAccess(call.context, null, bucketName)).bucket
  if (!bucket) throw new DomainError('NoSuchBucket', { bucketName })
  noteInAccessLog(call, bucket.record, { objectKey, ...(versionId !== undefined && { versionId }) })
  const address = { objectKey, ...(versionId !== undefined && { versionId }) }
  await checkExpectedOwner(call.context, bucket.record, input.ExpectedSourceBucketOwner)
  const namesVersion = versionId !== undefined
  const access = call.access.at({ bucket, objectKey, versionId })
  access.require(basicActions(rights, 'source', namesVersion))
  call.access.addSource(access)
  const conditions = readConditions({
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  })
  const customerKey = parseCustomerKey({
    SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
    SSECustomerKey: input.CopySourceSSECustomerKey,
    SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
  })
  const source = {
    bucket,
    ...address,
    ...(conditions && { conditions }),
    ...(customerKey && { customerKey }),
    permit: (record: ObjectRecord | null) => access.permit(record),
  }
  return { source, access, namesVersion }
}

/** S3 logs a copy twice: in the log of the source's bucket as reading it. */
function noteInAccessLog(
  { exchange: { facts } }: S3Call,
  bucket: BucketRecord,
  source: { readonly objectKey: string; readonly versionId?: string },
): void {
  const target = accessLogTarget(bucket)
  if (!target) return
  const operation = facts.operation === 'CopyObject' ? 'REST.COPY.OBJECT_GET' : 'REST.COPY.PART_GET'
  facts.furtherAccesses = [{ target, operation, ...source }]
}
