import type { IncomingHttpHeaders } from 'node:http'
import { ServiceError } from '../../service/errors.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'
import type { Answer } from '../answer/write-answer.ts'
import { corsHeaders, matchCorsRule, type CorsQuestion } from './match-rule.ts'

/** More header names than a page has reason to send. */
const REQUESTED_HEADERS_MAX = 64

/** Headers that any answer gets when a browser asks for a page of another origin; none where no rule allows it. */
export function actualCorsHeaders(
  bucket: BucketRecord,
  method: string,
  headers: IncomingHttpHeaders,
): string[] {
  const { origin } = headers
  if (typeof origin !== 'string' || !bucket.cors) return []
  // As in S3, a request that repeats the preflight's question is answered to that.
  const asked = headers['access-control-request-method']
  const question = { origin, method: asked ?? method, headers: [] }
  const rule = matchCorsRule(bucket.cors, question)
  return rule ? corsHeaders(rule, question) : []
}

/** Answers a browser's preflight. Throws `BadRequest` where it asks nothing, `AccessForbidden` where no rule allows what it asks. */
export function preflightAnswer(bucket: BucketRecord, headers: IncomingHttpHeaders): Answer {
  const question = parsePreflight(headers)
  if (!bucket.cors || bucket.cors.length === 0)
    throw new ServiceError('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.')
  const rule = matchCorsRule(bucket.cors, question)
  if (!rule)
    throw new ServiceError(
      'AccessForbidden',
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    )
  return { status: 200, headers: [...corsHeaders(rule, question), 'Content-Length', '0'], body: null }
}

function parsePreflight(headers: IncomingHttpHeaders): CorsQuestion {
  const { origin } = headers
  if (typeof origin !== 'string')
    throw new ServiceError('BadRequest', 'Insufficient information. Origin request header needed.')
  const method = headers['access-control-request-method']
  if (method === undefined)
    throw new ServiceError('BadRequest', 'Invalid Access-Control-Request-Method: null')
  const wanted = headers['access-control-request-headers'] ?? ''
  const names = wanted
    .split(',', REQUESTED_HEADERS_MAX)
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  return { origin, method, headers: [...new Set(names)] }
}
