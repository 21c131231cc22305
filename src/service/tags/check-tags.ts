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

/** A tag as a request gives it. */
interface GivenTag {
  readonly key?: string | undefined
  readonly value?: string | undefined
}

/** Whose tags they are. */
type TagOwner = 'bucket' | 'object'

const COUNT_MAX: Readonly<Record<TagOwner, number>> = {
  bucket: TAGS_PER_BUCKET_MAX,
  object: TAGS_PER_OBJECT_MAX,
}

/** Gives the tags back when their owner may have them and no others. Throws `TooManyTags` and `InvalidTag`. */
export function checkTags(tags: readonly ObjectTag[], owner: TagOwner = 'object'): readonly ObjectTag[] {
  checkTagCount(tags.length, owner)
  checkEachTag(tags)
  return tags
}

/** Throws `TooManyTags`. */
export function checkTagCount(count: number, owner: TagOwner): void {
  const countMax = COUNT_MAX[owner]
  if (count > countMax) throw new DomainError('TooManyTags', { of: owner, count, countMax })
}

/** Whether each is a tag, and no key is given twice; a tag need not have a value. Throws `InvalidTag`. */
export function checkEachTag<T extends GivenTag>(
  tags: readonly T[],
): asserts tags is readonly (T & { readonly key: string })[] {
  const keys = new Set<string>()
  for (const { key, value } of tags) {
    checkTag(key, value)
    if (keys.has(key)) throw invalidTag('repeated', key)
    keys.add(key)
  }
}

/** In the order in which S3 looks. */
function checkTag(key: string | undefined, value: string | undefined): asserts key is string {
  if (key === undefined || key.length < 1 || key.length > TAG_KEY_LENGTH_MAX)
    throw invalidTag('key-length', key, key?.length)
  if (value !== undefined && value.length > TAG_VALUE_LENGTH_MAX)
    throw invalidTag('value-length', key, value.length)
  if (!TAG_TEXT.test(key)) throw invalidTag('key-text', key)
  if (value !== undefined && !TAG_TEXT.test(value))
    throw new DomainError('InvalidTag', { problem: 'value-text', tagKey: key, tagValue: value })
  if (isReservedTagKey(key)) throw invalidTag('reserved', key)
}

function invalidTag(problem: TagProblem, tagKey: string | undefined, length?: number): DomainError {
  return new DomainError('InvalidTag', { problem, tagKey, ...(length !== undefined && { length }) })
}
