import type { Operation } from '../model/operation.ts'
import { readUpload } from '../service/uploads/upload-rows.ts'
import { isUnderPolicy } from '../service/authorization/authorize.ts'
import { requireSigned } from '../service/uploads/require-signed.ts'
import type { S3Call } from './call.ts'
import { factsOfContinuation } from './request/request-facts.ts'

/**
 * A part, and the completion of an upload, are let in by what the upload was begun with: the object gets that, and nothing of what these requests
 * say instead. Only a policy looks at it. Throws `AccessDenied` for one without a key.
 */
export async function takeFactsOfUpload(call: S3Call, { http }: Operation): Promise<void> {
  if (http?.changes !== 'part' && http?.changes !== 'completion') return
  requireSigned(call.principal, 'continuation')
  if (!isUnderPolicy(call.principal, call.bucket)) return
  const uploadId = call.address.query.get('uploadId') ?? ''
  const stored = await readUpload(call.context, call.bucket, { objectKey: call.objectKey, uploadId })
  if (stored && !stored.record.closed)
    call.access.completeRequest(factsOfContinuation(call.headers, stored.record))
}
