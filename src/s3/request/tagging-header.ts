import { checkTags } from '../../service/tags/check-tags.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import { MalformedRequest } from '../../auth/malformed-request.ts'
import type { RequestQuery } from '../../auth/request-query.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { S3Error } from '../s3-error.ts'
import { parseQuery } from '../../auth/request-query.ts'

/**
 * Reads the header x-amz-tagging: `key=value&key=value`, encoded as a query; nothing between two `&` is passed over, as S3 does. Throws `InvalidArgument` for what is no such text, and what
 * {@link checkTags} throws.
 */
export function parseTaggingHeader(text: string | undefined): readonly ObjectTag[] | undefined {
  if (text === undefined) return undefined
  const { values, repeated } = queryOf(text)
  if (repeated.size > 0 || values.has('')) throw notTags(text)
  try {
    return checkTags([...values].map(([key, value]) => ({ key, value })))
  } catch (error) {
    // Characters that no tag has are those of another notation: `a=1,b=2`.
    const isOfText =
      isDomainError(error, 'InvalidTag') && ['key-text', 'value-text'].includes(error.fields.problem)
    throw isOfText ? notTags(text, error) : error
  }
}

const notTags = (text: string, cause?: unknown): S3Error =>
  new S3Error(
    'InvalidArgument',
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    { details: { argumentName: 'x-amz-tagging', argumentValue: text.slice(0, 256) }, cause },
  )

function queryOf(text: string): RequestQuery {
  try {
    return parseQuery(text.replace(/^&+|&+(?=&|$)/g, ''))
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error
    throw notTags(text, error)
  }
}
