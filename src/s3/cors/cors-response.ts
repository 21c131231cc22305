import type { IncomingHttpHeaders } from 'node:http'
import { isCorsMethod } from '../../service/cors/cors-rules.ts'
import { S3Error } from '../s3-error.ts'
import { isHeaderName } from '../../base/header-name.ts'
import type { S3Response } from '../response/response-writer.ts'
import type { BucketRecord, CorsRule } from '../../service/records/bucket.ts'
import { matchCorsRule, type CorsQuestion } from '../../service/cors/match-rule.ts'

/** More header names than a page has reason to send. */
const REQUESTED_HEADERS_MAX = 64

/** What a cache must know of each response of a bucket with rules: one that was asked for without an origin is no answer to a page's question. */
const VARY_BY_ORIGIN = ['Vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method']

/** Headers that any response gets where the bucket has rules: what they allow a page of another origin, if it asks and one of them does. */
export function actualCorsHeaders(
  bucket: BucketRecord,
  method: string,
  headers: IncomingHttpHeaders,
): string[] {
  if (!bucket.cors || bucket.cors.length === 0) return []
  const { origin } = headers
  if (typeof origin !== 'string') return VARY_BY_ORIGIN
  // As in S3, a request that repeats the preflight's question is answered to that.
  const asked = headers['access-control-request-method']
  const question = { origin, method: asked ?? method, headers: requestedHeaders(headers) }
  const rule = matchCorsRule(bucket.cors, question)
  return rule ? corsHeaders(rule, question) : VARY_BY_ORIGIN
}

/** Answers a browser's preflight. Throws `BadRequest` where it asks nothing that S3 understands, `AccessForbidden` where no rule allows what it asks. */
export function preflightResponse(
  bucket: BucketRecord,
  headers: IncomingHttpHeaders,
  target: 'bucket' | 'object' | 'service',
): S3Response {
  if (!bucket.cors || bucket.cors.length === 0)
    throw preflightToNoRules(headers, 'CORSResponse: CORS is not enabled for this bucket.')
  const question = parsePreflight(headers)
  const details = { method: question.method, resourceType: target.toUpperCase() }
  const rule = matchCorsRule(bucket.cors, question)
  if (!rule)
    throw new S3Error(
      'AccessForbidden',
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      { details },
    )
  return { status: 200, headers: [...corsHeaders(rule, question), 'Content-Length', '0'], body: null }
}

/** The refusal of a preflight about a bucket that is not there, in S3's words. */
export const preflightToNoBucket = (headers: IncomingHttpHeaders): S3Error =>
  preflightToNoRules(headers, 'CORSResponse: Bucket not found')

/** Where there are no rules, nothing is looked at but whether a page asks. */
function preflightToNoRules(headers: IncomingHttpHeaders, message: string): S3Error {
  originOf(headers)
  const method = headers['access-control-request-method'] ?? 'OPTIONS'
  return new S3Error('AccessForbidden', message, {
    details: { method: method.slice(0, 256), resourceType: 'BUCKET' },
  })
}

function originOf({ origin }: IncomingHttpHeaders): string {
  if (!origin) throw new S3Error('BadRequest', 'Insufficient information. Origin request header needed.')
  return origin
}

function parsePreflight(headers: IncomingHttpHeaders): CorsQuestion {
  const origin = originOf(headers)
  const method = headers['access-control-request-method']
  if (method === undefined || !isCorsMethod(method))
    throw new S3Error(
      'BadRequest',
      `Invalid Access-Control-Request-Method: ${method?.slice(0, 256) ?? 'null'}`,
    )
  const names = requestedHeaders(headers)
  const wrong = names.find((name) => !isHeaderName(name))
  if (wrong !== undefined)
    throw new S3Error(
      'BadRequest',
      `Access-Control-Request-Headers "${wrong.slice(0, 256)}" contains invalid character.`,
    )
  return { origin, method, headers: names }
}

/** In lower case, each once. */
function requestedHeaders(headers: IncomingHttpHeaders): string[] {
  const wanted = headers['access-control-request-headers'] ?? ''
  const names = wanted.split(',', REQUESTED_HEADERS_MAX).map((name) => name.trim().toLowerCase())
  return [...new Set(names.filter((name) => name !== ''))]
}

/** The headers that tell a browser what the rule allows: name, value, name, value, … */
function corsHeaders(rule: CorsRule, { origin, headers }: CorsQuestion): string[] {
  const isForAll = rule.allowedOrigins.includes('*')
  const response = [
    'Access-Control-Allow-Origin',
    isForAll ? '*' : origin,
    'Access-Control-Allow-Methods',
    rule.allowedMethods.join(', '),
  ]
  if (headers.length > 0) response.push('Access-Control-Allow-Headers', headers.join(', '))
  if (rule.exposeHeaders && rule.exposeHeaders.length > 0)
    response.push('Access-Control-Expose-Headers', rule.exposeHeaders.join(', '))
  if (rule.maxAgeSeconds !== undefined) response.push('Access-Control-Max-Age', String(rule.maxAgeSeconds))
  if (!isForAll) response.push('Access-Control-Allow-Credentials', 'true')
  response.push(...VARY_BY_ORIGIN)
  return response
}
