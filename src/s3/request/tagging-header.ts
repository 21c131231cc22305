import { ServiceError } from '../../service/errors.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import { invalidArgument } from './read-input.ts'
import { parseQuery } from './query.ts'

const TAGS_PER_OBJECT_MAX = 10
const KEY_LENGTH_MAX = 128
const VALUE_LENGTH_MAX = 256

/** Reads the header x-amz-tagging: `key=value&key=value`, encoded as a query. Throws `InvalidTag`, `InvalidArgument`. */
export function parseTaggingHeader(text: string | undefined): readonly ObjectTag[] | undefined {
  if (text === undefined) return undefined
  const names = text.split('&', 65).map((argument) => argument.split('=', 1)[0] ?? '')
  const query = parseQuery(text)
  if (new Set(names).size !== names.length || (text !== '' && query.size !== names.length))
    throw invalidArgument('x-amz-tagging', text, 'The header x-amz-tagging must name each key once.')
  return checkTags([...query].map(([key, value]) => ({ key, value })))
}

/** Gives the tags back when an object may have them. Throws `InvalidTag`. */
export function checkTags(tags: readonly ObjectTag[], tagsMax = TAGS_PER_OBJECT_MAX): readonly ObjectTag[] {
  if (tags.length > tagsMax)
    throw new ServiceError('InvalidTag', `expected at most ${tagsMax} tags, got ${tags.length}`)
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

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

function invalidTag(key: string, message: string): ServiceError {
  return new ServiceError('InvalidTag', message, { details: { tagKey: key.slice(0, KEY_LENGTH_MAX) } })
}
