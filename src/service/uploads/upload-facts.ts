import type { ObjectFacts } from '../authorization/question.ts'
import type { ServiceContext } from '../context.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { readUpload, type UploadAddress } from './upload-rows.ts'

/** The part of an upload in progress that access depends on; null when there is none. */
export async function findUploadFacts(
  context: ServiceContext,
  bucket: BucketRecord,
  address: UploadAddress,
): Promise<ObjectFacts | null> {
  const upload = await readUpload(context, bucket, address)
  if (!upload || upload.record.closed) return null
  const { ownerAccountId, initiatorAccountId } = upload.record
  return { ownerAccountId, initiatorAccountId }
}
