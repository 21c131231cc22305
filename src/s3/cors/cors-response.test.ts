import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import type { CorsRule } from '../../service/records/bucket.ts'
import { S3Error } from '../s3-error.ts'
import { actualCorsHeaders, preflightResponse, preflightToNoBucket } from './cors-response.ts'

const VARY = { Vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method' }
const rule = (more: Partial<CorsRule> = {}): CorsRule => ({
  ...{ allowedOrigins: ['https://a'], allowedMethods: ['GET', 'PUT'] },
  ...more,
})
const EVERY = rule({ allowedOrigins: ['*'], allowedHeaders: ['*'] })

const named = (pairs: readonly string[]): object =>
  Object.fromEntries(
    Array.from({ length: pairs.length / 2 }, (_, at) => [pairs[2 * at] ?? '', pairs[2 * at + 1]] as const),
  )

type Headers = Readonly<Record<string, string>>
const actual = (cors: readonly CorsRule[] | undefined, method: string, headers: Headers) =>
  named(actualCorsHeaders(bucketRecord(cors ? { cors } : {}), method, headers))

/** The headers of the response to a preflight, or the refusal. */
function preflight(cors: readonly CorsRule[] | undefined, headers: Headers): object {
  try {
    const {
      status,
      headers: pairs,
      body,
    } = preflightResponse(bucketRecord(cors ? { cors } : {}), headers, 'object')
    assert.deepEqual([status, body], [200, null])
    return named(pairs)
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    return { code: error.code, message: error.message.slice(0, 80), ...error.details }
  }
}

describe('a response to a page of another origin', () => {
  const ALLOWED = {
    ...{ 'Access-Control-Allow-Origin': 'https://a', 'Access-Control-Allow-Methods': 'GET, PUT' },
    ...{ 'Access-Control-Allow-Credentials': 'true', ...VARY },
  }
  it('says nothing where the bucket has no rules', () => {
    for (const cors of [undefined, []]) assert.deepEqual(actual(cors, 'GET', { origin: 'https://a' }), {})
  })

  it('tells caches what it depends on, also where nothing is allowed', () => {
    assert.deepEqual(actual([rule()], 'GET', {}), VARY)
    assert.deepEqual(actual([rule()], 'GET', { origin: 'https://b' }), VARY)
    assert.deepEqual(actual([rule()], 'DELETE', { origin: 'https://a' }), VARY)
  })

  it('tells what the rule allows', () => {
    assert.deepEqual(actual([rule()], 'GET', { origin: 'https://a' }), ALLOWED)
    assert.deepEqual(actual([EVERY], 'GET', { origin: 'https://b' }), {
      ...{ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'GET, PUT', ...VARY },
    })
    assert.deepEqual(
      actual([rule({ exposeHeaders: ['ETag', 'x-a'], maxAgeSeconds: 0 })], 'GET', { origin: 'https://a' }),
      {
        ...{ ...ALLOWED, 'Access-Control-Expose-Headers': 'ETag, x-a', 'Access-Control-Max-Age': '0' },
      },
    )
    assert.deepEqual(actual([rule({ exposeHeaders: [] })], 'GET', { origin: 'https://a' }), ALLOWED)
  })

  it('answers the question of a preflight where the request repeats it', () => {
    const headers = { origin: 'https://a', 'access-control-request-method': 'PUT' }
    assert.deepEqual(actual([rule()], 'DELETE', headers), ALLOWED)
    assert.deepEqual(
      actual([EVERY], 'GET', { origin: 'https://a', 'access-control-request-headers': ' X-B, x-a ,,x-b' }),
      {
        ...{ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'GET, PUT' },
        ...{ 'Access-Control-Allow-Headers': 'x-b, x-a', ...VARY },
      },
    )
  })
})

describe('a preflight', () => {
  const ASKED = { origin: 'https://a', 'access-control-request-method': 'GET' }
  it('is answered with what the first rule that fits allows', () => {
    assert.deepEqual(preflight([rule({ allowedMethods: ['HEAD'] }), rule()], ASKED), {
      ...{ 'Access-Control-Allow-Origin': 'https://a', 'Access-Control-Allow-Methods': 'GET, PUT' },
      ...{ 'Access-Control-Allow-Credentials': 'true', ...VARY, 'Content-Length': '0' },
    })
  })

  const NEEDED = 'Insufficient information. Origin request header needed.'
  const FORBIDDEN = {
    code: 'AccessForbidden',
    message: 'CORSResponse: This CORS request is not allowed. This is usually because the eval',
    resourceType: 'OBJECT',
  }
  const table: readonly (readonly [
    what: string,
    cors: readonly CorsRule[] | undefined,
    headers: Headers,
    refusal: object,
  ])[] = [
    [
      'of a bucket without rules',
      undefined,
      ASKED,
      {
        code: 'AccessForbidden',
        message: 'CORSResponse: CORS is not enabled for this bucket.',
        method: 'GET',
        resourceType: 'BUCKET',
      },
    ],
    [
      'that asks nothing, of a bucket without rules',
      [],
      { origin: 'https://a' },
      {
        code: 'AccessForbidden',
        message: 'CORSResponse: CORS is not enabled for this bucket.',
        method: 'OPTIONS',
        resourceType: 'BUCKET',
      },
    ],
    ['without an origin, of a bucket without rules', undefined, {}, { code: 'BadRequest', message: NEEDED }],
    [
      'without an origin',
      [rule()],
      { 'access-control-request-method': 'GET' },
      { code: 'BadRequest', message: NEEDED },
    ],
    ['of an empty origin', [rule()], { ...ASKED, origin: '' }, { code: 'BadRequest', message: NEEDED }],
    [
      'of no method',
      [rule()],
      { origin: 'https://a' },
      { code: 'BadRequest', message: 'Invalid Access-Control-Request-Method: null' },
    ],
    [
      'of a method that is none',
      [rule()],
      { ...ASKED, 'access-control-request-method': 'PATCH' },
      { code: 'BadRequest', message: 'Invalid Access-Control-Request-Method: PATCH' },
    ],
    [
      'of a header that cannot be one',
      [EVERY],
      { ...ASKED, 'access-control-request-headers': 'x-a, b c' },
      { code: 'BadRequest', message: 'Access-Control-Request-Headers "b c" contains invalid character.' },
    ],
    ['of another origin', [rule()], { ...ASKED, origin: 'https://b' }, { ...FORBIDDEN, method: 'GET' }],
    [
      'of another method',
      [rule()],
      { ...ASKED, 'access-control-request-method': 'DELETE' },
      { ...FORBIDDEN, method: 'DELETE' },
    ],
    [
      'of a header that no rule allows',
      [rule()],
      { ...ASKED, 'access-control-request-headers': 'x-a' },
      { ...FORBIDDEN, method: 'GET' },
    ],
  ]
  for (const [what, cors, headers, refusal] of table)
    it(`${what} is refused`, () => assert.deepEqual(preflight(cors, headers), refusal))

  it('of a bucket that is not there is refused as such', () => {
    const { code, message, details } = preflightToNoBucket(ASKED)
    assert.deepEqual(
      [code, message, details],
      ['AccessForbidden', 'CORSResponse: Bucket not found', { method: 'GET', resourceType: 'BUCKET' }],
    )
  })
})
