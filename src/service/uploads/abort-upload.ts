import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { commitChange } from '../objects/commit-change.ts'
import { BucketChange } from '../objects/bucket-change.ts'
import { closeUpload, tryFinishClosedUpload } from './closed-upload.ts'
import { readOpenUpload } from './upload-rows.ts'
import type { UploadAddress } from './upload-rows.ts'

/** Ends an upload and removes its parts, also one that is being stored meanwhile. Errors (S3): `NoSuchUpload`, `NoSuchBucket`, `InvalidAccessKeyId`. */
export async function abortUpload(
  context: ServiceContext,
  admission: Admission,
  address: UploadAddress,
): Promise<void> {
  const closedKey = await commitChange(context, admission, address.key, async (bucket) => {
    const upload = await readOpenUpload(context, bucket, address)
    const change = new BucketChange(bucket.bucketId)
    closeUpload(change, upload, [])
    return { change, result: upload.storeKey }
  })
  await tryFinishClosedUpload(context, admission.bucket.record.bucketId, closedKey)
}
