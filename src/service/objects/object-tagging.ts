import { checkTags } from '../tags/check-tags.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { ObjectTag } from '../records/object.ts'
import { findPermitted } from '../versions/find-version.ts'
import type { PermittedAddress } from '../versions/find-version.ts'
import { rewriteVersion } from '../versions/rewrite-version.ts'
import { shownVersionId } from '../versions/written-version.ts'

/** The tags of a version; empty when it has none. Errors as openObject. */
export async function getObjectTagging(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  address: PermittedAddress,
): Promise<{ readonly versionId?: string; readonly tags: readonly ObjectTag[] }> {
  const bucket = admission.bucket.record
  const { stored } = await findPermitted(context, bucket, { ...address, meansMarker: true })
  return { ...shownVersionId(bucket, stored.record), tags: stored.record.tags ?? [] }
}

/** Replaces the tags of a version (an empty list removes them). Errors as openObject and checkTags. */
export async function putObjectTagging(
  context: ServiceContext,
  admission: Admission,
  input: PermittedAddress & { readonly tags: readonly ObjectTag[] },
): Promise<{ readonly versionId?: string }> {
  const { tags } = input
  checkTags(tags)
  return await rewriteVersion(context, admission, input, ({ tags: _earlier, ...record }) =>
    tags.length > 0 ? { ...record, tags } : record,
  )
}
