import { SignatureV4 } from '@smithy/signature-v4'
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { AuthenticationFailure } from '../../src/auth/authentication-failure.ts'
import { parseAuthentication } from '../../src/auth/parse-authentication.ts'
import { MalformedRequest } from '../../src/auth/malformed-request.ts'
import type { ServiceRules } from '../../src/auth/service-rules.ts'
import { LIGHTSAIL_RULES, S3_RULES } from '../../src/auth/service-rules.ts'
import { SigningKeyCache } from '../../src/auth/signing-key-cache.ts'
import { verifyAuthentication } from '../../src/auth/verify-authentication.ts'
import { percentEncode, percentEncodePath } from '../../src/base/percent-encoding.ts'
import { requestHead } from '../harness/request-head.ts'
import { SeededRandom } from '../seeded-random.ts'

const ROUNDS = 200
const NOW = Date.UTC(2026, 4, 17, 10, 20, 30)
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

/** Node's own hash and HMAC in the form that the signer asks for. */
class Sha256 {
  readonly #hash

  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBytes(secret))
  }

  update(data: unknown): void {
    this.#hash.update(toBytes(data))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error('not needed for signing')
  }
}

function toBytes(data: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  if (data instanceof Uint8Array) return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  throw new TypeError('neither text nor bytes')
}

const signer = (service: string) =>
  new SignatureV4({
    credentials: CREDENTIALS,
    region: 'eu-west-1',
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  })

const CHARACTERS = Array.from('abcXYZ019-._~/ +=&?%#:@!$\'()*,;"<>[]{}|^`\\éあ😀')

const randomText = (random: SeededRandom, lengthMax: number) =>
  Array.from({ length: random.below(lengthMax + 1) }, () => random.oneOf(CHARACTERS)).join('')

function randomRequest(random: SeededRandom, fixedHeaders: Readonly<Record<string, string>> = {}) {
  const key = randomText(random, 20)
  const query: Record<string, string> = {}
  for (let count = random.below(4); count > 0; count--)
    query[`q${randomText(random, 5)}`] = randomText(random, 8)
  const headers: Record<string, string> = { host: 'bucket.example.com:9400', ...fixedHeaders }
  if (random.below(2) === 0) headers['content-type'] = random.oneOf(['text/plain', 'a  b ;  c', 'x, y'])
  if (random.below(2) === 0) headers['x-amz-meta-a'] = random.oneOf(['', 'one', ' two  three '])
  return {
    protocol: 'https:',
    hostname: 'bucket.example.com',
    method: random.oneOf(['GET', 'PUT', 'HEAD', 'DELETE']),
    path: `/${percentEncodePath(key)}`,
    query,
    headers,
  }
}

/** A request as it goes over the wire. */
interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the server would receive of a request of these parts. */
function received(request: {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
}): SentRequest {
  const query = Object.entries(request.query ?? {}).map(
    ([name, value]) => `${percentEncode(name)}=${percentEncode(String(value))}`,
  )
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  )
  return {
    method: request.method,
    url: query.length === 0 ? request.path : `${request.path}?${query.join('&')}`,
    headers,
  }
}

function verify(sent: SentRequest, rules: ServiceRules = S3_RULES): void {
  const head = requestHead(sent)
  const authentication = parseAuthentication(head, rules)
  if (authentication.type === 'anonymous') throw new AuthenticationFailure('signature-mismatch', 'anonymous')
  if (authentication.accessKeyId !== CREDENTIALS.accessKeyId) {
    throw new AuthenticationFailure('access-key-unknown', 'the look-up finds no such key')
  }
  verifyAuthentication({
    head,
    authentication,
    rules,
    credential: {
      accessKeyId: CREDENTIALS.accessKeyId,
      secretVersion: 1,
      openSecret: () => CREDENTIALS.secretAccessKey,
    },
    keys: KEYS,
    nowMs: NOW,
    region: 'eu-west-1',
  })
}
const KEYS = new SigningKeyCache()

const isRefused = (error: unknown): boolean =>
  error instanceof AuthenticationFailure || error instanceof MalformedRequest

/** Changes one character of a text into another that may stand there. */
function tamper(text: string, random: SeededRandom): string {
  const at = random.below(text.length)
  const other = text[at] === 'z' ? 'y' : 'z'
  return text.slice(0, at) + other + text.slice(at + 1)
}

describe('requests signed by the AWS SDK’s signer', () => {
  it('are verified, and refused with any one character of path, query or a header changed', async () => {
    const random = new SeededRandom()
    for (let round = 0; round < ROUNDS; round++) {
      const context = `seed ${random.seed}, round ${round}`
      const signed = await signer('s3').sign(randomRequest(random), { signingDate: new Date(NOW) })
      const head = received(signed)
      assert.doesNotThrow(() => verify(head), context)

      assert.throws(() => verify({ ...head, method: 'POST' }), isRefused, context)
      const { url } = head
      const rest = tamper(url.slice(1), random)
      // Two encodings of one character are the same request.
      if (decodeURIComponentOrNull(rest) !== decodeURIComponentOrNull(url.slice(1))) {
        assert.throws(() => verify({ ...head, url: `/${rest}` }), isRefused, `${context}: ${url} -> /${rest}`)
      }
      const names = Object.keys(head.headers).filter((name) => head.headers[name] !== '')
      const name = random.oneOf(names)
      const value = head.headers[name]
      assert.ok(typeof value === 'string')
      const changed = tamper(value, random)
      const isOnlyBlank = changed.replaceAll(/\s+/g, ' ').trim() === value.replaceAll(/\s+/g, ' ').trim()
      if (isOnlyBlank) continue
      assert.throws(
        () => verify({ ...head, headers: { ...head.headers, [name]: changed } }),
        isRefused,
        `${context}: ${name} ${value} -> ${changed}`,
      )
    }
  })

  it('are verified as presigned URLs, until they expire, and refused with one character changed', async () => {
    const random = new SeededRandom()
    for (let round = 0; round < ROUNDS; round++) {
      const context = `seed ${random.seed}, round ${round}`
      const presigned = await signer('s3').presign(
        randomRequest(random, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
        {
          signingDate: new Date(NOW),
          expiresIn: 1 + random.below(604_800),
          unsignableHeaders: new Set(['content-type']),
        },
      )
      const head = received(presigned)
      assert.doesNotThrow(() => verify(head), context)
      const rest = tamper(head.url.slice(1), random)
      if (decodeURIComponentOrNull(rest) === decodeURIComponentOrNull(head.url.slice(1))) continue
      assert.throws(() => verify({ ...head, url: `/${rest}` }), isRefused, context)
    }
  })

  it('are verified under the rules of other services', async () => {
    const body = '{"bucketName":"photos"}'
    const request = {
      protocol: 'https:',
      hostname: 'lightsail.eu-west-1.amazonaws.com',
      method: 'POST',
      path: '/',
      headers: { host: 'lightsail.eu-west-1.amazonaws.com', 'x-amz-target': 'Lightsail_20161128.GetBuckets' },
      body,
    }
    const head = requestHead(
      received(await signer('lightsail').sign(request, { signingDate: new Date(NOW) })),
    )
    const authentication = parseAuthentication(head, LIGHTSAIL_RULES)
    assert.ok(authentication.type === 'header')
    const input = {
      head,
      authentication,
      rules: LIGHTSAIL_RULES,
      credential: { accessKeyId: 'A', secretVersion: 1, openSecret: () => CREDENTIALS.secretAccessKey },
      keys: KEYS,
      nowMs: NOW,
    }
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    verifyAuthentication({ ...input, bodySha256: sha256(body) })
    assert.throws(
      () => verifyAuthentication({ ...input, bodySha256: sha256(`${body} `) }),
      AuthenticationFailure,
    )
  })
})

function decodeURIComponentOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
