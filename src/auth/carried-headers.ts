import type { RequestHeaders } from './request-headers.ts'
import { emptyHeaders } from './request-headers.ts'
import { MalformedRequest } from './malformed-request.ts'
import type { RequestQuery } from './request-query.ts'

/** The arguments of a presigned URL that make up its signature. */
const SIGNATURE_ARGUMENTS: ReadonlyMap<string, string> = new Map(
  [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
    'X-Amz-Security-Token',
  ].map((name) => [name.toLowerCase(), name]),
)

/** RFC 9110's token, lower-case. */
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/
/** What no header can hold: line ends and other control characters. */
const NOT_HEADER_TEXT = /[^\t\x20-\x7e\x80-\xff]/
const NOT_ASCII = /[^\x00-\x7f]/

/**
 * The x-amz-* headers that a presigned URL carries in its query, by lower-case name: signers move them there, in any case of letters, so that
 * whoever uses the URL need not send them. Throws {@link MalformedRequest} for one that comes twice, or could not be a header.
 */
export function carriedHeaders(query: RequestQuery): RequestHeaders | null {
  let carried: ReturnType<typeof emptyHeaders> | null = null
  for (const argument of query.repeated) {
    const name = argument.toLowerCase()
    if (name.startsWith('x-amz-') && SIGNATURE_ARGUMENTS.get(name) !== argument) throw twice(argument)
  }
  for (const [argument, value] of query.values) {
    const name = argument.toLowerCase()
    if (!name.startsWith('x-amz-')) continue
    const spelling = SIGNATURE_ARGUMENTS.get(name)
    if (spelling === argument) continue
    if (spelling !== undefined)
      throw new MalformedRequest(
        'argument',
        argument,
        `The argument ${argument} must be written ${spelling}.`,
      )
    const text = NOT_ASCII.test(value) ? Buffer.from(value).toString('latin1') : value
    if (!HEADER_NAME.test(name) || NOT_HEADER_TEXT.test(text))
      throw new MalformedRequest(
        'argument',
        argument,
        'An argument that stands for a header must be plain text.',
      )
    carried ??= emptyHeaders()
    if (carried[name] !== undefined) throw twice(name)
    carried[name] = text
  }
  return carried
}

/**
 * The headers that a presigned request has in effect: those that it sends, and those that its query carries. Checksums in the query are left
 * out: SDKs compute them when the URL is made, of a body that they do not have. Throws {@link MalformedRequest} where both say something
 * else.
 */
export function withCarriedHeaders(sent: RequestHeaders, carried: RequestHeaders): RequestHeaders {
  const headers = Object.assign(emptyHeaders(), sent)
  for (const name in carried) {
    if (isChecksum(name)) continue
    const value = carried[name]
    const other = sent[name]
    if (other !== undefined && other !== value)
      throw new MalformedRequest(
        'header',
        name,
        `The header ${name} and the argument of that name must be equal.`,
      )
    headers[name] = value
  }
  return headers
}

function isChecksum(name: string): boolean {
  return name.startsWith('x-amz-checksum-') || name === 'x-amz-sdk-checksum-algorithm'
}

function twice(name: string): MalformedRequest {
  return new MalformedRequest('argument', name, `The argument ${name} must come once.`)
}
