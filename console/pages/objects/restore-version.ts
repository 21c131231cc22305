import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { deleteObjects } from '../../api/s3/objects.ts'
import { ApiError } from '../../api/api-error.ts'
import type { Sender } from '../../api/send.ts'
import { copyAnySize } from './copy-any-size.ts'
import { addressOf, type ObjectRow } from './rows.ts'

/**
 * Brings back what a line of the versions shows: the mark of a deletion is taken away, which undoes it; an earlier version is copied and becomes the newest, so that
 * nothing is lost. Throws ApiError.
 */
export async function restoreVersion(
  sender: Sender,
  address: BucketAddress,
  row: Extract<ObjectRow, { readonly kind: 'version' }>,
): Promise<void> {
  const { key, versionId, size, isDeleteMarker } = row.object
  if (!isDeleteMarker) {
    await copyAnySize(sender, { from: addressOf(row, address), to: { ...address, key }, size })
    return
  }
  const [left] = await deleteObjects(sender, address, [{ key, versionId }])
  if (left) throw new ApiError(left.code, left.message)
}
