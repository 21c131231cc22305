import {
  isReservedTagKey,
  TAG_KEY_LENGTH_MAX,
  TAG_TEXT,
  TAG_VALUE_LENGTH_MAX,
  TAGS_PER_BUCKET_MAX,
  TAGS_PER_OBJECT_MAX,
} from '../../model/s3/shapes/tag.ts'
import { ServiceError } from '../errors.ts'
import type { ObjectTag } from '../records/object.ts'

/** Gives the tags back when an object may have them. Throws `BadRequest` for too many, and `InvalidTag`. */
export function checkTags(
  tags: readonly ObjectTag[],
  { tagsMax = TAGS_PER_OBJECT_MAX, owner = 'Object' } = {},
): readonly ObjectTag[] {
  if (tags.length > tagsMax)
    throw new ServiceError('BadRequest', `${owner} tags cannot be greater than ${tagsMax}`)
  const keys = new Set<string>()
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > TAG_KEY_LENGTH_MAX)
      throw invalidTag(key, `a tag's key must have 1 to ${TAG_KEY_LENGTH_MAX} characters, got ${key.length}`)
    if (value.length > TAG_VALUE_LENGTH_MAX)
      throw invalidTag(key, `a tag's value may have ${TAG_VALUE_LENGTH_MAX} characters, got ${value.length}`)
    if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value))
      throw invalidTag(key, 'a tag holds letters, digits, spaces and + - = . _ : / @ only')
    if (isReservedTagKey(key)) throw invalidTag(key, 'keys that begin with aws: are reserved')
    if (keys.has(key)) throw invalidTag(key, 'a key may occur once among the tags')
    keys.add(key)
  }
  return tags
}

/** The tags of a document as a bucket may have them. Throws as {@link checkTags}. */
export function checkBucketTags(
  tagSet: readonly { readonly Key: string; readonly Value: string }[],
): readonly ObjectTag[] {
  const tags = tagSet.map(({ Key, Value }) => ({ key: Key, value: Value }))
  return checkTags(tags, { tagsMax: TAGS_PER_BUCKET_MAX, owner: 'Bucket' })
}

function invalidTag(key: string, message: string): ServiceError {
  return new ServiceError('InvalidTag', message, { details: { tagKey: key.slice(0, TAG_KEY_LENGTH_MAX) } })
}
