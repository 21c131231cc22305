import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { BucketChange } from '../commit/bucket-change.ts'
import { commitAdmitted } from '../commit/commit-admitted.ts'
import { objectTurn } from '../commit/turns.ts'
import { closeUpload, tryFinishClosedUpload } from './closed-upload.ts'
import { readOpenUpload } from './upload-rows.ts'
import type { UploadAddress } from './upload-rows.ts'

/** Ends an upload and removes its parts, also one that is being stored meanwhile. Throws `NoSuchUpload`, and as commitAdmitted. */
export async function abortUpload(
  context: ServiceContext,
  admission: Admission,
  address: UploadAddress,
): Promise<void> {
  const { bucketId } = admission.bucket.record
  const turn = objectTurn(bucketId, address.objectKey)
  const closedKey = await commitAdmitted(context, admission, turn, async (bucket) => {
    const upload = await readOpenUpload(context, bucket, address)
    const change = new BucketChange(bucketId)
    closeUpload(change, upload, [])
    change.usesReserve = true
    return { change, result: upload.storeKey }
  })
  await tryFinishClosedUpload(context, bucketId, closedKey)
}
