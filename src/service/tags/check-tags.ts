import {
  isReservedTagKey,
  TAG_KEY_LENGTH_MAX,
  TAG_TEXT,
  TAG_VALUE_LENGTH_MAX,
  TAGS_PER_BUCKET_MAX,
  TAGS_PER_OBJECT_MAX,
} from '../../model/s3/shapes/tag.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { TagProblem } from '../errors/tag.ts'
import type { ObjectTag } from '../records/object.ts'

/** Whose tags they are, and how many those may have. */
interface TagOwner {
  readonly of: 'bucket' | 'object'
  readonly countMax: number
}

const OF_OBJECTS: TagOwner = { of: 'object', countMax: TAGS_PER_OBJECT_MAX }

/** Gives the tags back when their owner may have them. Throws `TooManyTags` and `InvalidTag`. */
export function checkTags(
  tags: readonly ObjectTag[],
  { of, countMax }: TagOwner = OF_OBJECTS,
): readonly ObjectTag[] {
  if (tags.length > countMax) throw new DomainError('TooManyTags', { of, count: tags.length, countMax })
  const keys = new Set<string>()
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > TAG_KEY_LENGTH_MAX) throw invalidTag('key-length', key, key.length)
    if (value.length > TAG_VALUE_LENGTH_MAX) throw invalidTag('value-length', key, value.length)
    if (!TAG_TEXT.test(key)) throw invalidTag('key-text', key)
    if (!TAG_TEXT.test(value))
      throw new DomainError('InvalidTag', { problem: 'value-text', tagKey: key, tagValue: value })
    if (isReservedTagKey(key)) throw invalidTag('reserved', key)
    if (keys.has(key)) throw invalidTag('repeated', key)
    keys.add(key)
  }
  return tags
}

/** The tags of a document as a bucket may have them. Throws as {@link checkTags}. */
export function checkBucketTags(
  tagSet: readonly { readonly Key: string; readonly Value: string }[],
): readonly ObjectTag[] {
  const tags = tagSet.map(({ Key, Value }) => ({ key: Key, value: Value }))
  return checkTags(tags, { of: 'bucket', countMax: TAGS_PER_BUCKET_MAX })
}

function invalidTag(problem: TagProblem, tagKey: string, length?: number): DomainError {
  return new DomainError('InvalidTag', { problem, tagKey, ...(length !== undefined && { length }) })
}
