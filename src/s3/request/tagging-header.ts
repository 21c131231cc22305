import { ServiceError } from '../../service/errors.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import { MalformedRequest } from '../../auth/malformed-request.ts'
import type { RequestQuery } from '../../auth/request-query.ts'
import { invalidArgument } from './argument-errors.ts'
import { parseQuery } from '../../auth/request-query.ts'

const TAGS_PER_OBJECT_MAX = 10
const TAGS_PER_BUCKET_MAX = 50
const KEY_LENGTH_MAX = 128
const VALUE_LENGTH_MAX = 256

/**
 * Reads the header x-amz-tagging: `key=value&key=value`, encoded as a query; nothing between two `&` is passed over, as S3 does. Throws `InvalidArgument` for what is no such text, and what
 * {@link checkTags} throws.
 */
export function parseTaggingHeader(text: string | undefined): readonly ObjectTag[] | undefined {
  if (text === undefined) return undefined
  const { values, repeated } = queryOf(text)
  if (repeated.size > 0)
    throw invalidArgument('x-amz-tagging', text, 'The header x-amz-tagging must name each key once.')
  return checkTags([...values].map(([key, value]) => ({ key, value })))
}

function queryOf(text: string): RequestQuery {
  try {
    return parseQuery(text.replace(/^&+|&+(?=&|$)/g, ''))
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error
    throw invalidArgument('x-amz-tagging', text, 'The header x-amz-tagging must be encoded as a query.')
  }
}

/** Gives the tags back when an object may have them. Throws `BadRequest` for too many, and `InvalidTag`. */
export function checkTags(
  tags: readonly ObjectTag[],
  { tagsMax = TAGS_PER_OBJECT_MAX, owner = 'Object' } = {},
): readonly ObjectTag[] {
  if (tags.length > tagsMax)
    throw new ServiceError('BadRequest', `${owner} tags cannot be greater than ${tagsMax}`)
  const keys = new Set<string>()
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > KEY_LENGTH_MAX)
      throw invalidTag(key, `a tag's key must have 1 to ${KEY_LENGTH_MAX} characters, got ${key.length}`)
    if (value.length > VALUE_LENGTH_MAX)
      throw invalidTag(key, `a tag's value may have ${VALUE_LENGTH_MAX} characters, got ${value.length}`)
    if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value))
      throw invalidTag(key, 'a tag holds letters, digits, spaces and + - = . _ : / @ only')
    if (key.startsWith('aws:')) throw invalidTag(key, 'keys that begin with aws: are reserved')
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

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

function invalidTag(key: string, message: string): ServiceError {
  return new ServiceError('InvalidTag', message, { details: { tagKey: key.slice(0, KEY_LENGTH_MAX) } })
}
