import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthenticationFailureReason } from '../../src/auth/authentication-failure.ts'
import { MalformedRequest } from '../../src/auth/malformed-request.ts'
import { AuthenticationFailure } from '../../src/auth/authentication-failure.ts'
import { parseAuthentication } from '../../src/auth/parse-authentication.ts'
import { EMPTY_SHA256 } from '../../src/auth/payload-hash.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { requestHead } from '../harness/request-head.ts'
import { S3_RULES } from '../../src/auth/service-rules.ts'
import { signRequest } from '../../src/auth/sign-request.ts'
import { SigningKeyCache } from '../../src/auth/signing-key-cache.ts'
import { SKEW_MS_MAX } from '../../src/auth/clock-skew.ts'
import { verifyAuthentication } from '../../src/auth/verify-authentication.ts'
import { SeededRandom } from '../seeded-random.ts'

const NOW = Date.UTC(2026, 4, 17, 10, 20, 30)
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }
const HOST = { host: 'localhost:9400' }

const signedHeaders = (nowMs = NOW) =>
  signRequest({
    method: 'GET',
    url: '/photos/a?versionId=1',
    headers: HOST,
    payloadHash: EMPTY_SHA256,
    credentials: CREDENTIALS,
    rules: S3_RULES,
    region: 'us-east-1',
    nowMs,
  }).headers

const presigned = (nowMs = NOW, expiresSeconds = 60) =>
  presignRequest({
    method: 'GET',
    url: '/photos/a',
    headers: HOST,
    credentials: CREDENTIALS,
    region: 'us-east-1',
    nowMs,
    expiresSeconds,
  })

/** Where the signature was that is right, or that there is none. Throws when it is wrong. */
function authenticate(
  url: string,
  headers: Readonly<Record<string, string>>,
  options: { readonly nowMs?: number; readonly region?: string } = {},
): 'anonymous' | 'header' | 'query' {
  const head = requestHead({ url, headers })
  const authentication = parseAuthentication(head, S3_RULES)
  if (authentication.type === 'anonymous') return 'anonymous'
  const { timestamp } = verifyAuthentication({
    head,
    authentication,
    rules: S3_RULES,
    credential: { accessKeyId: 'AKIAEXAMPLE', secretVersion: 1, openSecret: () => 'secret' },
    keys: new SigningKeyCache(),
    nowMs: NOW,
    ...options,
  })
  assert.equal(timestamp, authentication.timestamp)
  return authentication.type
}

const URL = '/photos/a?versionId=1'
const without = (name: string) =>
  Object.fromEntries(Object.entries(signedHeaders()).filter(([key]) => key !== name))
const withAuthorization = (change: (text: string) => string) => {
  const headers = signedHeaders()
  return { ...headers, authorization: change(headers.authorization ?? '') }
}

const failsWith = (reason: AuthenticationFailureReason) => (error: unknown) =>
  error instanceof AuthenticationFailure && error.reason === reason

describe('a request', () => {
  it('is anonymous without a signature, and with an empty Authorization header', () => {
    assert.equal(authenticate('/', HOST), 'anonymous')
    assert.equal(authenticate('/', { ...HOST, authorization: '' }), 'anonymous')
  })

  it('may carry an HTTP date in x-amz-date or Date in place of the compact form', () => {
    for (const name of ['x-amz-date', 'date']) {
      const headers = withAuthorization((text) => text)
      const parsed = parseAuthentication(
        requestHead({
          headers: { ...headers, 'x-amz-date': '', [name]: 'Sun, 17 May 2026 10:20:30 -0000' },
        }),
        S3_RULES,
      )
      assert.ok(parsed.type === 'header')
      assert.equal(parsed.timestamp, '20260517T102030Z')
    }
  })

  it('may be of any time from 1970 on, and has none before', () => {
    const parse = (date: string) =>
      parseAuthentication(
        requestHead({
          headers: {
            ...withAuthorization((text) => text.replace('/20260517/', '/19700101/')),
            'x-amz-date': '',
            date,
          },
        }),
        S3_RULES,
      )
    const first = parse('Thu, 01 Jan 1970 00:00:00 GMT')
    assert.ok(first.type === 'header')
    assert.deepEqual([first.timestamp, first.signedAt], ['19700101T000000Z', 0])
    for (const date of ['Wed, 31 Dec 1969 23:59:59 GMT', 'Mon, 01 Jan 0001 00:00:00 GMT', 'yesterday', '0'])
      assert.throws(() => parse(date), failsWith('date-missing'), date)
  })

  it('is verified as long as its time is within the skew', () => {
    assert.equal(authenticate(URL, signedHeaders(), { nowMs: NOW + SKEW_MS_MAX }), 'header')
    assert.equal(authenticate(URL, signedHeaders(), { nowMs: NOW - SKEW_MS_MAX }), 'header')
    assert.equal(authenticate(presigned(), HOST, { nowMs: NOW + 60_000 }), 'query')
  })

  const REFUSED: readonly (readonly [
    title: string,
    reason: AuthenticationFailureReason,
    run: () => unknown,
  ])[] = [
    [
      'signed by version 2',
      'signature-version-unsupported',
      () => authenticate('/', { ...HOST, authorization: 'AWS AKIA:abc=' }),
    ],
    [
      'presigned by version 2',
      'signature-version-unsupported',
      () => authenticate('/?AWSAccessKeyId=A&Expires=1&Signature=b', HOST),
    ],
    [
      'with a shapeless header of version 2',
      'authorization-shapeless',
      () => authenticate('/', { ...HOST, authorization: 'AWS HAHAHA' }),
    ],
    [
      'with one word in Authorization',
      'authorization-shapeless',
      () => authenticate('/', { ...HOST, authorization: 'HAHAHA' }),
    ],
    [
      'with another scheme',
      'authorization-type-unsupported',
      () => authenticate('/', { ...HOST, authorization: 'Basic YTpi' }),
    ],
    ['signed twice', 'authorization-twofold', () => authenticate(presigned(), signedHeaders())],
    [
      'without a credential',
      'authorization-malformed',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.replace(/Credential=[^,]*, /, '')),
        ),
    ],
    [
      'with an empty credential',
      'authorization-malformed',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.replace(/Credential=[^,]*/, 'Credential=')),
        ),
    ],
    [
      'with a short scope',
      'authorization-malformed',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.replace('/s3', '')),
        ),
    ],
    [
      'with a date that is none',
      'authorization-malformed',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.replace('/20260517', '/2026051x')),
        ),
    ],
    [
      'with a short signature',
      'authorization-malformed',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.slice(0, -1)),
        ),
    ],
    [
      'with a component twice',
      'authorization-malformed',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => `${text}, Signature=a`),
        ),
    ],
    [
      'for another service',
      'service-wrong',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.replace('/s3/', '/ec2/')),
        ),
    ],
    [
      'of another day than its scope',
      'date-scope-mismatch',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.replace('/20260517', '/20260516')),
        ),
    ],
    ['for another region', 'region-wrong', () => authenticate(URL, signedHeaders(), { region: 'eu-west-1' })],
    ['without a date', 'date-missing', () => authenticate(URL, without('x-amz-date'))],
    [
      'without the hash of its body',
      'payload-hash-missing',
      () => authenticate(URL, without('x-amz-content-sha256')),
    ],
    [
      'with a hash that is none',
      'payload-hash-malformed',
      () => authenticate(URL, { ...signedHeaders(), 'x-amz-content-sha256': 'abc' }),
    ],
    [
      'with an x-amz header that is not signed',
      'headers-not-signed',
      () => authenticate(URL, { ...signedHeaders(), 'x-amz-acl': 'public-read' }),
    ],
    [
      'whose host is not signed',
      'headers-not-signed',
      () =>
        authenticate(
          URL,
          withAuthorization((text) => text.replace('=host;', '=')),
        ),
    ],
    [
      'that is too old',
      'request-skewed',
      () => authenticate(URL, signedHeaders(), { nowMs: NOW + SKEW_MS_MAX + 1 }),
    ],
    [
      'from the future',
      'request-skewed',
      () => authenticate(URL, signedHeaders(), { nowMs: NOW - SKEW_MS_MAX - 1 }),
    ],
    ['to another path', 'signature-mismatch', () => authenticate('/photos/b?versionId=1', signedHeaders())],
    [
      'presigned and expired',
      'request-expired',
      () => authenticate(presigned(), HOST, { nowMs: NOW + 60_001 }),
    ],
    [
      'presigned for later',
      'request-not-yet-valid',
      () => authenticate(presigned(NOW + SKEW_MS_MAX + 1_000), HOST),
    ],
    [
      'presigned for no time',
      'request-expired',
      () => authenticate(presigned().replace('Expires=60', 'Expires=0'), HOST, { nowMs: NOW + 1 }),
    ],
    [
      'presigned for a time below zero',
      'expires-out-of-range',
      () => authenticate(presigned().replace('Expires=60', 'Expires=-7'), HOST),
    ],
    [
      'presigned for more than a week',
      'expires-out-of-range',
      () => authenticate(presigned().replace('Expires=60', 'Expires=609901'), HOST),
    ],
    [
      'presigned for another time',
      'signature-mismatch',
      () => authenticate(presigned().replace('Expires=60', 'Expires=61'), HOST),
    ],
    [
      'presigned without a date',
      'query-malformed',
      () => authenticate(presigned().replace('X-Amz-Date', 'X-Amz-Dat'), HOST),
    ],
    [
      'presigned with an argument twice',
      'query-malformed',
      () => authenticate(`${presigned()}&X-Amz-Expires=60`, HOST),
    ],
    [
      'presigned with a hash that is none',
      'payload-hash-malformed',
      () => authenticate(presigned(), { ...HOST, 'x-amz-content-sha256': 'abc' }),
    ],
    [
      'presigned by another algorithm',
      'query-malformed',
      () => authenticate(presigned().replace('HMAC-SHA256', 'HMAC-SHA1'), HOST),
    ],
  ]
  for (const [title, reason, run] of REFUSED) {
    it(`${title} is refused: ${reason}`, () => assert.throws(run, failsWith(reason)))
  }

  it('of any shape is parsed, or refused with a reason, and never crashes', () => {
    const random = new SeededRandom()
    const snippets = [
      'AWS4-HMAC-SHA256',
      ' ',
      ',',
      '=',
      ';',
      '/',
      '%',
      '%zz',
      '&',
      '?',
      '+',
      'Credential=',
      'SignedHeaders=host',
      'Signature=',
      'X-Amz-Signature=',
      'X-Amz-Algorithm=',
      'a'.repeat(64),
      '20260517',
      's3',
      '\u00ff',
      'AWS ',
      ':',
    ]
    for (let round = 0; round < 2_000; round++) {
      const text = () => Array.from({ length: random.below(12) }, () => random.oneOf(snippets)).join('')
      const headers = {
        ...signedHeaders(),
        ...(random.below(2) === 0 && { authorization: text() }),
        ...(random.below(2) === 0 && { 'x-amz-date': text() }),
        ...(random.below(4) === 0 && { 'x-amz-content-sha256': text() }),
      }
      try {
        authenticate(`/${text()}?${text()}`, headers)
      } catch (error) {
        assert.ok(
          error instanceof AuthenticationFailure || error instanceof MalformedRequest,
          `seed ${random.seed}, round ${round}: ${String(error)}`,
        )
      }
    }
  })
})
