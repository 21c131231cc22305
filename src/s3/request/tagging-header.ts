import { checkTags } from '../../service/tags/check-tags.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import { MalformedRequest } from '../../auth/malformed-request.ts'
import type { RequestQuery } from '../../auth/request-query.ts'
import { invalidArgument } from './argument-errors.ts'
import { parseQuery } from '../../auth/request-query.ts'

/**
 * Reads the header x-amz-tagging: `key=value&key=value`, encoded as a query; nothing between two `&` is passed over, as S3 does. Throws `InvalidArgument` for what is no such text, and what
 * {@link checkTags} throws.
 */
export function parseTaggingHeader(text: string | undefined): readonly ObjectTag[] | undefined {
  if (text === undefined) return undefined
  const { values, repeated } = queryOf(text)
  if (repeated.size > 0)
    throw invalidArgument('x-amz-tagging', text, 'The header x-amz-tagging must name each key once.')
  if (values.has(''))
    throw invalidArgument('x-amz-tagging', text, 'The header x-amz-tagging must name the key of each value.')
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
