import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectRecord } from '../records/object.ts'
import { commitAdmittedTogether } from '../commit/commit-admitted.ts'
import { objectTurn } from '../commit/turns.ts'
import { findPermitted } from './find-version.ts'
import type { PermittedAddress } from './find-version.ts'
import { ObjectChange } from './object-change.ts'
import { shownVersionId } from './written-version.ts'

/** Changes what a stored version says besides its bytes: tags, ACL, locks. `edit` may throw. Throws as findVersion and commitAdmitted. */
export async function rewriteVersion(
  context: ServiceContext,
  admission: Admission,
  address: PermittedAddress,
  edit: (record: ObjectRecord, bucket: BucketRecord) => ObjectRecord,
): Promise<{ readonly versionId?: string }> {
  const turn = objectTurn(admission.bucket.record.bucketId, address.objectKey)
  return await commitAdmittedTogether(context, admission, turn, async (bucket, context) => {
    const { stored } = await findPermitted(context, bucket, { ...address, meansMarker: true })
    admission.permit?.(stored.record, bucket)
    const change = new ObjectChange(bucket, context.clock.now())
    change.rewrite(stored, edit(stored.record, bucket))
    return { change, result: shownVersionId(bucket, stored.record) }
  })
}
