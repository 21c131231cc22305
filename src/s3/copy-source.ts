import { accessLogTarget } from '../service/access-logs/access-log-target.ts'
import { ServiceError } from '../service/errors.ts'
import { lookUpAccess } from '../service/credentials/look-up-access.ts'
import type { CopySource } from '../service/objects/copy-object.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import type { S3Call } from './call.ts'
import { checkExpectedOwner } from './expected-owner.ts'
import { findObject } from './find-object.ts'
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

/** Finds the source of a copy and checks that the principal may read it. Throws `NoSuchBucket`, `NoSuchKey`, `AccessDenied`. */
export async function permittedCopySource(call: S3Call, input: CopySourceInput): Promise<CopySource> {
  const { bucketName, key, versionId } = parseCopySource(input.CopySource)
  const bucket =
    bucketName === call.bucket.name
      ? call.admission.bucket
      : (await lookUpAccess(call.context, null, bucketName)).bucket
  if (!bucket) throw new ServiceError('NoSuchBucket', undefined, { details: { bucketName: bucketName } })
  noteInAccessLog(call, bucket.record, { objectKey: key, ...(versionId !== undefined && { versionId }) })
  const address = { key, ...(versionId !== undefined && { versionId }) }
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
  const at = { bucket: bucket.record, objectKey: key }
  await checkExpectedOwner(call.context, bucket.record, input.ExpectedSourceBucketOwner)
  if (!call.isAllowed(action, at)) {
    if (!call.needsObject(action, bucket.record, key)) throw new ServiceError('AccessDenied')
    const object = await findObject(call.context, bucket.record, address)
    if (!call.isAllowed(action, { ...at, object })) throw new ServiceError('AccessDenied')
  }
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
  return { bucket, ...address, ...(conditions && { conditions }), ...(customerKey && { customerKey }) }
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
