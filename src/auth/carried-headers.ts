import { isAscii, isHeaderText } from '../base/header-characters.ts'
import type { RequestHeaders } from './request-headers.ts'
import { emptyHeaders } from './request-headers.ts'
import { MalformedRequest } from './malformed-request.ts'
import type { RequestQuery } from './request-query.ts'
import { spellingOf } from './signature-arguments.ts'

/** By which signature version a query is signed. */
export type PresignedBy = 'version-4' | 'version-2'

/** Headers that are not Amazon's and that version 2 signs; botocore puts them into the query with the others. */
const CONTENT_HEADERS: ReadonlySet<string> = new Set(['content-md5', 'content-type'])

/** Headers that are not Amazon's and that S3 takes from a query that version 4 signed: who presigns a conditional write puts them there. */
const CONDITION_HEADERS: ReadonlySet<string> = new Set(['if-match', 'if-none-match'])

/** RFC 9110's token, lower-case. */
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/
/** No part of a header's value. */
const OUTER_BLANKS = /^[ \t]+|[ \t]+$/g

/** Whether an argument of a presigned URL stands for a header; `name` in lower case. */
export function isCarried(name: string, presignedBy: PresignedBy): boolean {
  const others = presignedBy === 'version-2' ? CONTENT_HEADERS : CONDITION_HEADERS
  return name.startsWith('x-amz-') || others.has(name)
}

/**
 * The headers that a presigned URL carries in its query, by lower-case name: signers move them there, in any case of letters, so that
 * whoever uses the URL need not send them. Throws {@link MalformedRequest} for one that comes twice, or could not be a header.
 */
export function carriedHeaders(query: RequestQuery, presignedBy: PresignedBy): RequestHeaders | null {
  let carried: ReturnType<typeof emptyHeaders> | null = null
  for (const argument of query.repeated) {
    const name = argument.toLowerCase()
    if (isCarried(name, presignedBy) && !isOfSignature(argument, name, presignedBy))
      throw comesTwice(argument)
  }
  for (const [argument, value] of query.values) {
    const name = argument.toLowerCase()
    if (!isCarried(name, presignedBy) || isOfSignature(argument, name, presignedBy)) continue
    const text = (isAscii(value) ? value : Buffer.from(value).toString('latin1')).replace(OUTER_BLANKS, '')
    if (!HEADER_NAME.test(name) || !isHeaderText(text))
      throw new MalformedRequest(
        'argument',
        argument,
        'An argument that stands for a header must be plain text.',
      )
    carried ??= emptyHeaders()
    if (carried[name] !== undefined) throw comesTwice(name)
    carried[name] = text
  }
  return carried
}

/** Whether an argument belongs to the signature itself. Throws {@link MalformedRequest} for one that is spelled otherwise. */
function isOfSignature(argument: string, name: string, presignedBy: PresignedBy): boolean {
  const spelling = presignedBy === 'version-4' ? spellingOf(name) : undefined
  if (spelling === undefined || spelling === argument) return spelling !== undefined
  throw new MalformedRequest('argument', argument, `The argument ${argument} must be written ${spelling}.`)
}

/**
 * The headers that a presigned request has in effect: those that it sends, and those that its query carries. Version 4 leaves checksums of bodies
 * in the query out: SDKs compute them when the URL is made, of a body that they do not have. Version 2 signs a checksum alike wherever it stands,
 * so it counts wherever it stands, and the name of its algorithm nowhere. Throws {@link MalformedRequest} where both say something else.
 */
export function withCarriedHeaders(
  sent: RequestHeaders,
  carried: RequestHeaders,
  presignedBy: PresignedBy,
): RequestHeaders {
  const headers = Object.assign(emptyHeaders(), sent)
  for (const name in carried) {
    if (presignedBy === 'version-4' && isOfBody(name)) continue
    const value = carried[name]
    const other = sent[name]
    if (other === undefined || other === value) headers[name] = value
    // Those of HTTP are signed as they are sent, where they are sent.
    else if (!CONTENT_HEADERS.has(name))
      throw new MalformedRequest(
        'header',
        name,
        `The header ${name} and the argument of that name must be equal.`,
      )
  }
  if (presignedBy === 'version-2') delete headers['x-amz-sdk-checksum-algorithm']
  return headers
}

/** What {@link withCarriedHeaders} takes for words about checksums, which SDKs know when the URL is made, and not for checksums of a body. */
const CHECKSUM_WORDS: ReadonlySet<string> = new Set([
  'x-amz-checksum-algorithm',
  'x-amz-checksum-mode',
  'x-amz-checksum-type',
])

/** Whether a header tells of a body's bytes: a checksum, or of which algorithm the checksum is that comes with them. */
function isOfBody(name: string): boolean {
  if (name === 'x-amz-sdk-checksum-algorithm') return true
  return name.startsWith('x-amz-checksum-') && !CHECKSUM_WORDS.has(name)
}

/** An argument that has one value came more than once. */
export function comesTwice(name: string): MalformedRequest {
  return new MalformedRequest('argument', name, `The argument ${name} must come once.`)
}
