import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { ObjectTag } from '../records/object.ts'
import { findPermitted } from './find-version.ts'
import type { PermittedAddress } from './find-version.ts'
import { rewriteVersion } from './rewrite-version.ts'
import { shownVersionId } from './written-version.ts'

const TAGS_MAX = 10
const TAG_KEY_LENGTH_MAX = 128
const TAG_VALUE_LENGTH_MAX = 256

/** The tags of a version; empty when it has none. Errors as openObject. */
export async function getObjectTagging(
  context: ServiceContext,
  admission: Pick<Admission, 'bucket'>,
  address: PermittedAddress,
): Promise<{ readonly versionId?: string; readonly tags: readonly ObjectTag[] }> {
  const bucket = admission.bucket.record
  const { stored } = await findPermitted(context, bucket, address)
  return { ...shownVersionId(bucket, stored.record), tags: stored.record.tags ?? [] }
}

/** Replaces the tags of a version (an empty list removes them). Errors as openObject, and `InvalidTag`. */
export async function putObjectTagging(
  context: ServiceContext,
  admission: Admission,
  input: PermittedAddress & { readonly tags: readonly ObjectTag[] },
): Promise<{ readonly versionId?: string }> {
  const { tags } = input
  checkObjectTags(tags)
  return rewriteVersion(context, admission, input, ({ tags: _earlier, ...record }) =>
    tags.length > 0 ? { ...record, tags } : record,
  )
}

/** Throws `InvalidTag` unless these can be an object's tags: at most 10, keys of 1–128 characters that differ, values of up to 256. */
function checkObjectTags(tags: readonly ObjectTag[]): void {
  if (tags.length > TAGS_MAX)
    throw new ServiceError('InvalidTag', `Object tags cannot be greater than ${TAGS_MAX}`)
  const keys = new Set<string>()
  for (const { key, value } of tags) {
    if (key.length === 0 || key.length > TAG_KEY_LENGTH_MAX)
      throw new ServiceError('InvalidTag', 'The TagKey you have provided is invalid')
    if (value.length > TAG_VALUE_LENGTH_MAX)
      throw new ServiceError('InvalidTag', 'The TagValue you have provided is invalid')
    if (keys.has(key)) throw new ServiceError('InvalidTag', 'Cannot provide multiple Tags with the same key')
    keys.add(key)
  }
}
