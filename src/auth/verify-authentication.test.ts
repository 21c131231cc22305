import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestHead } from '../../test/harness/request-head.ts'
import { AuthenticationFailure, type AuthenticationFailureReason } from './authentication-failure.ts'
import { canonicalRequest, stringToSign } from './canonical-request.ts'
import { ChunkSignatures } from './chunk-signature.ts'
import { parseAuthentication } from './parse-authentication.ts'
import { EMPTY_SHA256 } from './payload-hash.ts'
import { presignRequest } from './presign-request.ts'
import { LIGHTSAIL_RULES, S3_RULES, STS_RULES, type ServiceRules } from './service-rules.ts'
import { signRequest } from './sign-request.ts'
import { deriveSigningKey } from './signing-key.ts'
import { SigningKeyCache } from './signing-key-cache.ts'
import { SKEW_MS_MAX } from './clock-skew.ts'
import { verifyAuthentication } from './verify-authentication.ts'

const NOW = Date.UTC(2026, 4, 17, 10, 20, 30)
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }
const HOST = { host: 'localhost:9400' }
const URL = '/photos/a?versionId=1'

interface SignOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly rules?: ServiceRules
  readonly region?: string
  readonly payloadHash?: string
  readonly sessionToken?: string
}

const signed = ({ headers = {}, sessionToken, ...options }: SignOptions = {}) =>
  signRequest({
    ...{ method: 'GET', url: URL, headers: { ...HOST, ...headers }, payloadHash: EMPTY_SHA256 },
    ...{ rules: S3_RULES, region: 'us-east-1', nowMs: NOW },
    ...options,
    credentials: { ...CREDENTIALS, ...(sessionToken !== undefined && { sessionToken }) },
  }).headers

interface VerifyOptions {
  readonly nowMs?: number
  readonly signersNowMs?: readonly [number, number]
  readonly region?: string
  readonly rules?: ServiceRules
  readonly bodySha256?: string
  readonly url?: string
}

function verify(
  headers: Readonly<Record<string, string>>,
  { url = URL, rules = S3_RULES, ...options }: VerifyOptions = {},
) {
  const head = requestHead({ url, headers })
  const authentication = parseAuthentication(head, rules)
  assert.ok(authentication.type !== 'anonymous')
  return verifyAuthentication({
    ...{ head, authentication, rules, keys: new SigningKeyCache(), nowMs: NOW },
    credential: { accessKeyId: 'AKIAEXAMPLE', secretVersion: 1, openSecret: () => 'secret' },
    ...options,
  })
}

/** With what a request is refused. */
function refusal(run: () => unknown) {
  try {
    run()
  } catch (error) {
    if (!(error instanceof AuthenticationFailure)) throw error
    return { reason: error.reason, details: error.details, message: error.message }
  }
  return null
}

const reasonOf = (run: () => unknown): AuthenticationFailureReason | null => refusal(run)?.reason ?? null

/** What others add on the way, or take away. */
const without = (headers: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

describe('a signed request', () => {
  it('says of a signature that is right what its chunks go on from', () => {
    const headers = signed()
    const { signature, scope, timestamp, signingKey } = verify(headers)
    assert.equal(headers.authorization?.endsWith(`Signature=${signature}`), true)
    assert.deepEqual([scope, timestamp], ['20260517/us-east-1/s3/aws4_request', '20260517T102030Z'])
    const own = deriveSigningKey('secret', { date: '20260517', region: 'us-east-1', service: 's3' })
    assert.equal(signingKey.sign('x'), own.sign('x'))
  })

  it('of another secret is refused with what was signed, so that its author sees where the two differ', () => {
    const headers = signed()
    const wrong = { ...headers, authorization: headers.authorization?.replace(/.{4}$/, '0000') ?? '' }
    const head = requestHead({ url: URL, headers: wrong })
    const canonical = canonicalRequest({
      ...{ head, pathRule: 'single', payloadHash: EMPTY_SHA256, omitsSignature: false },
      signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    })
    const found = refusal(() => verify(wrong))
    assert.equal(found?.reason, 'signature-mismatch')
    assert.deepEqual(found.details, {
      accessKeyId: 'AKIAEXAMPLE',
      signatureProvided: wrong.authorization.slice(-64),
      stringToSign: stringToSign(canonical, '20260517T102030Z', '20260517/us-east-1/s3/aws4_request'),
      canonicalRequest: canonical,
    })
  })

  const SENSITIVE: readonly (readonly [what: string, options: SignOptions])[] = [
    ['a session token', { sessionToken: 'token' }],
    [
      'a customer key',
      { headers: { 'x-amz-server-side-encryption-customer-key': Buffer.alloc(32).toString('base64') } },
    ],
    [
      'a customer key of a copy',
      {
        headers: {
          'x-amz-copy-source-server-side-encryption-customer-key': Buffer.alloc(32).toString('base64'),
        },
      },
    ],
  ]
  for (const [what, options] of SENSITIVE)
    it(`is not shown again where it has ${what}`, () => {
      const headers = signed(options)
      const wrong = { ...headers, authorization: headers.authorization?.replace(/.{4}$/, '0000') ?? '' }
      const found = refusal(() => verify(wrong))
      assert.equal(found?.reason, 'signature-mismatch')
      assert.deepEqual(Object.keys(found.details).sort(), [
        'accessKeyId',
        'signatureProvided',
        'stringToSign',
      ])
    })

  it('with a session token in its query is not shown again', () => {
    const url = presignRequest({
      ...{ method: 'GET', url: '/photos/a', headers: HOST, region: 'us-east-1', nowMs: NOW },
      ...{ credentials: { ...CREDENTIALS, sessionToken: 'token' }, expiresSeconds: 60 },
    })
    const found = refusal(() => verify(HOST, { url: `${url.slice(0, -4)}0000` }))
    assert.equal(found?.reason, 'signature-mismatch')
    assert.equal('canonicalRequest' in found.details, false)
  })

  it('has the session token that it carries, in a header or in its query', () => {
    const parsed = (headers: Readonly<Record<string, string>>, url = URL) => {
      const authentication = parseAuthentication(requestHead({ url, headers }), S3_RULES)
      return authentication.type === 'anonymous' ? null : authentication.sessionToken
    }
    assert.equal(parsed(signed({ sessionToken: 'token' })), 'token')
    assert.equal(parsed(signed()), undefined)
    const presigned = (sessionToken?: string) =>
      presignRequest({
        ...{ method: 'GET', url: '/photos/a', headers: HOST, region: 'us-east-1', nowMs: NOW },
        ...{ credentials: { ...CREDENTIALS, ...(sessionToken !== undefined && { sessionToken }) } },
        expiresSeconds: 60,
      })
    assert.equal(parsed(HOST, presigned('token')), 'token')
    assert.equal(parsed(HOST, presigned()), undefined)
  })

  it('covers the host, and under S3’s rules every x-amz- header that came', () => {
    const headers = signed()
    const list = (names: string) => ({
      ...headers,
      authorization: headers.authorization?.replace(/SignedHeaders=[^,]*/, `SignedHeaders=${names}`) ?? '',
    })
    const table: readonly (readonly [sent: Readonly<Record<string, string>>, missing: string])[] = [
      [list('x-amz-content-sha256;x-amz-date'), 'host'],
      [list('host;x-amz-content-sha256'), 'x-amz-date'],
      [list('x-amz-content-sha256'), 'host, x-amz-date'],
      [{ ...headers, 'x-amz-acl': 'private' }, 'x-amz-acl'],
      [{ ...headers, 'x-amz-acl': 'private', 'x-amz-tagging': 'a=b' }, 'x-amz-acl, x-amz-tagging'],
      // A name that another one ends or begins with is not it.
      [{ ...list('host;x-amz-date;x-amz-content-sha256;x-amz-acl-x'), 'x-amz-acl': 'private' }, 'x-amz-acl'],
      [list('x-host;x-amz-content-sha256;x-amz-date'), 'host'],
    ]
    for (const [sent, missing] of table) {
      const found = refusal(() => verify(sent))
      assert.equal(found?.reason, 'headers-not-signed', missing)
      assert.deepEqual(found.details, { headersNotSigned: missing })
      assert.ok(found.message.endsWith(missing))
    }
    assert.equal(
      reasonOf(() => verify({ ...headers, 'content-type': 'text/plain' })),
      null,
    )
  })

  it('need not list the digest of its body, which is signed in any case', () => {
    const names = 'host;x-amz-date'
    const headers = without(signed(), 'authorization')
    const scope = { date: '20260517', region: 'us-east-1', service: 's3' }
    const canonical = canonicalRequest({
      ...{ head: requestHead({ url: URL, headers }), pathRule: 'single', signedHeaders: names },
      ...{ payloadHash: EMPTY_SHA256, omitsSignature: false },
    })
    const text = stringToSign(canonical, '20260517T102030Z', '20260517/us-east-1/s3/aws4_request')
    const signature = deriveSigningKey('secret', scope).sign(text)
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260517/us-east-1/s3/aws4_request, SignedHeaders=${names}, Signature=${signature}`
    assert.equal(verify({ ...headers, authorization }).signature, signature)
  })

  it('may have x-amz- headers that are not signed under the rules of other services', () => {
    const headers = signed({ rules: LIGHTSAIL_RULES })
    const sent = { ...headers, 'x-amz-target': 'Lightsail_20161128.GetBuckets' }
    assert.equal(
      reasonOf(() => verify(sent, { rules: LIGHTSAIL_RULES })),
      null,
    )
    assert.equal(
      reasonOf(() => verify(without(sent, 'host'), { rules: LIGHTSAIL_RULES })),
      'signature-mismatch',
    )
  })

  it('covers its body under the rules of other services', () => {
    const bodySha256 = 'ab'.repeat(32)
    const headers = signed({ rules: LIGHTSAIL_RULES, payloadHash: bodySha256 })
    const outcomes = [bodySha256, 'cd'.repeat(32), undefined].map((digest) =>
      reasonOf(() =>
        verify(headers, { rules: LIGHTSAIL_RULES, ...(digest !== undefined && { bodySha256: digest }) }),
      ),
    )
    assert.deepEqual(outcomes, [null, 'signature-mismatch', 'signature-mismatch'])
    const empty = signed({ rules: LIGHTSAIL_RULES })
    assert.equal(
      reasonOf(() => verify(empty, { rules: LIGHTSAIL_RULES })),
      null,
    )
  })
})

describe('the time of a signed request', () => {
  it('is within a quarter of an hour of the server’s', () => {
    const headers = signed()
    for (const [offMs, isTaken] of [
      [SKEW_MS_MAX, true],
      [-SKEW_MS_MAX, true],
      [SKEW_MS_MAX + 1, false],
      [-SKEW_MS_MAX - 1, false],
    ] as const)
      assert.equal(
        reasonOf(() => verify(headers, { nowMs: NOW + offMs })),
        isTaken ? null : 'request-skewed',
      )
    assert.deepEqual(refusal(() => verify(headers, { nowMs: NOW + SKEW_MS_MAX + 1_500 }))?.details, {
      requestTime: '20260517T102030Z',
      serverTime: '2026-05-17T10:35:31Z',
      skewMillisecondsMax: 900_000,
    })
  })

  it('is within a quarter of an hour of what the clocks of signers may show, where that is known', () => {
    const headers = signed()
    const [earliest, latest] = [NOW - 3_600_000, NOW + 3_600_000]
    for (const [span, isTaken] of [
      [[earliest, latest], true],
      [[earliest, NOW - SKEW_MS_MAX], true],
      [[earliest, NOW - SKEW_MS_MAX - 1], false],
      [[NOW + SKEW_MS_MAX, latest], true],
      [[NOW + SKEW_MS_MAX + 1, latest], false],
    ] as const)
      assert.equal(
        reasonOf(() => verify(headers, { nowMs: NOW + 10 * 3_600_000, signersNowMs: span })),
        isTaken ? null : 'request-skewed',
        String(span),
      )
  })

  it('of a presigned URL is at most a quarter of an hour ahead, and it ends when it says', () => {
    const url = presignRequest({
      ...{ method: 'GET', url: '/photos/a', headers: HOST, region: 'us-east-1', nowMs: NOW },
      ...{ credentials: CREDENTIALS, expiresSeconds: 60 },
    })
    const at = (nowMs: number) => refusal(() => verify(HOST, { url, nowMs }))
    assert.equal(at(NOW - SKEW_MS_MAX), null)
    assert.equal(at(NOW + 60_000), null)
    const early = at(NOW - SKEW_MS_MAX - 1)
    assert.equal(early?.reason, 'request-not-yet-valid')
    assert.deepEqual(early.details, { requestTime: '20260517T102030Z', serverTime: '2026-05-17T10:05:29Z' })
    const late = at(NOW + 60_001)
    assert.equal(late?.reason, 'request-expired')
    assert.deepEqual(late.details, {
      expiresSeconds: 60,
      expires: '2026-05-17T10:21:30Z',
      serverTime: '2026-05-17T10:21:30Z',
    })
  })
})

describe('the region of a signed request', () => {
  it('is any that exists, or the one that is asked for', () => {
    const of = (region: string, expected?: string, rules = S3_RULES) =>
      refusal(() =>
        verify(signed({ region, rules }), { rules, ...(expected !== undefined && { region: expected }) }),
      )
    assert.equal(of('eu-west-1'), null)
    assert.equal(of('eu-west-1', 'eu-west-1'), null)
    const wrong = of('eu-west-1', 'us-east-1')
    assert.equal(wrong?.reason, 'region-wrong')
    assert.deepEqual(wrong.details, { expectedRegion: 'us-east-1' })
    assert.match(wrong.message, /the region 'eu-west-1' is wrong; expecting 'us-east-1'$/)
    const none = of('nowhere-1', 'us-east-1')
    assert.deepEqual(none?.details, { expectedRegion: 'us-east-1' })
    assert.match(none.message, /the region does not exist; expecting 'us-east-1'$/)
    assert.doesNotMatch(none.message, /nowhere/)
    const nowhere = of('nowhere-1')
    assert.equal(nowhere?.reason, 'region-wrong')
    assert.deepEqual(nowhere.details, {})
    // Who one is does not depend on where Lightsail is.
    assert.equal(of('nowhere-1', undefined, STS_RULES), null)
    for (const region of ['Nowhere-1', '1nowhere', `n${'o'.repeat(32)}`])
      assert.equal(of(region, undefined, STS_RULES)?.reason, 'region-wrong', region)
    assert.equal(of(`n${'o'.repeat(31)}`, undefined, STS_RULES), null)
  })
})

describe('the signatures of a body’s chunks', () => {
  const seed = {
    signingKey: deriveSigningKey('secret', { date: '20260517', region: 'us-east-1', service: 's3' }),
    ...{
      signature: '0'.repeat(64),
      scope: '20260517/us-east-1/s3/aws4_request',
      timestamp: '20260517T102030Z',
    },
  }
  const [one, two] = ['11'.repeat(32), '22'.repeat(32)]
  const trailer = 'x-amz-checksum-crc32c:sOO8/Q==\n'
  const signer = new ChunkSignatures(seed)
  const signatures = [signer.signChunk(one), signer.signChunk(two), signer.signTrailer(trailer)] as const
  const isRefused = (run: () => void) => {
    const found = refusal(run)
    assert.equal(found?.reason, 'chunk-signature-mismatch')
    return found.message
  }

  it('are taken in their order, with the trailer’s last', () => {
    const chain = new ChunkSignatures(seed)
    chain.verifyChunk(one, signatures[0])
    chain.verifyChunk(two, signatures[1])
    chain.verifyTrailer(trailer, signatures[2])
  })

  it('are refused in another order, of other bytes, of another length and of another request', () => {
    assert.match(
      isRefused(() => new ChunkSignatures(seed).verifyChunk(two, signatures[1])),
      /of a chunk differs/,
    )
    for (const provided of ['', signatures[0].slice(1), `${signatures[0]}0`, signatures[1]])
      isRefused(() => new ChunkSignatures(seed).verifyChunk(one, provided))
    isRefused(() => new ChunkSignatures(seed).verifyChunk(two, signatures[0]))
    for (const other of [{ signature: '1'.repeat(64) }, { scope: 'x' }, { timestamp: '20260517T102031Z' }])
      isRefused(() => new ChunkSignatures({ ...seed, ...other }).verifyChunk(one, signatures[0]))
    const chain = new ChunkSignatures(seed)
    chain.signChunk(one)
    assert.match(
      isRefused(() => chain.verifyTrailer(trailer, signatures[2])),
      /of a trailer differs/,
    )
    chain.signChunk(two)
    isRefused(() => chain.verifyTrailer(trailer.replace('s', 'S'), signatures[2]))
    chain.verifyTrailer(trailer, signatures[2])
  })
})
