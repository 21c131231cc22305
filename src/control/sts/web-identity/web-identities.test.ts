import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../../test/manual-clock.ts'
import { WebIdentities } from './web-identities.ts'

const ISSUER = 'https://idp.example.org'
const TRUST = { issuer: ISSUER, audiences: ['store'], subjects: ['repo:acme/*'] }

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const jwkOf = ({ publicKey }: { readonly publicKey: KeyObject }, members: object) => ({
  ...publicKey.export({ format: 'jwk' }),
  ...members,
})
const JWKS = {
  keys: [
    jwkOf(rsa, { kid: 'rsa' }),
    jwkOf(rsa, { kid: 'enc', use: 'enc' }),
    jwkOf(weak, { kid: 'weak' }),
    jwkOf(ec, { kid: 'ec' }),
    { kty: 'oct', kid: 'oct', k: Buffer.from('shared').toString('base64url') },
    { kty: 'RSA', kid: 'malformed', n: 5, e: {} },
  ],
}

const clock = new ManualClock()
const nowSeconds = () => Math.floor(clock.now() / 1_000)
const claims = (other: object = {}) => ({
  iss: ISSUER,
  sub: 'repo:acme/site',
  aud: 'store',
  iat: nowSeconds(),
  exp: nowSeconds() + 300,
  ...other,
})

/** Signs by a key, or by a shared secret; null: not at all. */
function token(header: object, payload: object, by: KeyObject | string | null): string {
  const text = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  if (by === null) return `${text}.`
  const signature =
    typeof by === 'string'
      ? createHmac('sha256', by).update(text).digest()
      : sign('sha256', Buffer.from(text), { key: by, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

interface Issuer {
  readonly discovery?: unknown
  readonly jwks?: unknown
  readonly isPrivate?: boolean
  readonly keyOrigins?: readonly string[]
  readonly issuer?: string
}

function setUp({ isPrivate = false, keyOrigins, issuer = ISSUER, ...documents }: Issuer = {}) {
  const asked: string[] = []
  const publicly: (boolean | undefined)[] = []
  const { discovery = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }, jwks = JWKS } = documents
  const identities = new WebIdentities({
    monotonicMs: () => clock.now(),
    clock,
    keyOrigins,
    fetchJson: (url, options) => {
      asked.push(url.href)
      publicly.push(options?.isPublic)
      const json = url.pathname.endsWith('/openid-configuration') ? discovery : jwks
      return Promise.resolve({ json, isPrivate })
    },
  })
  const codeOf = (text: string, trust: object = {}) =>
    identities.verify(text, [{ ...TRUST, issuer, ...trust }]).then(
      ({ subject }) => subject,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    )
  return { asked, publicly, codeOf }
}

describe('a token of an issuer', () => {
  it('is taken when a key of the issuer for signatures made it, and by no other means', async () => {
    const { codeOf } = setUp()
    const byRsa = { alg: 'RS256', kid: 'rsa' }
    assert.equal(await codeOf(token(byRsa, claims(), rsa.privateKey)), 'repo:acme/site')
    assert.equal(await codeOf(token({ alg: 'ES256', kid: 'ec' }, claims(), ec.privateKey)), 'repo:acme/site')
    const ownKey = ec.publicKey.export({ format: 'jwk' })
    for (const [header, by] of [
      [{ alg: 'none', kid: 'rsa' }, null],
      [byRsa, null],
      [{ alg: 'HS256', kid: 'rsa' }, publicPem],
      [{ alg: 'HS256', kid: 'oct' }, 'shared'],
      [{ alg: 'RS256', kid: 'oct' }, 'shared'],
      [{ alg: 'RS256', kid: 'ec' }, rsa.privateKey],
      [{ alg: 'RS256', kid: 'enc' }, rsa.privateKey],
      [{ alg: 'RS256', kid: 'weak' }, weak.privateKey],
      [{ alg: 'RS256', kid: 'malformed' }, rsa.privateKey],
      [{ alg: 'RS256', kid: 5 }, rsa.privateKey],
      [{ alg: ['RS256'], kid: 'rsa' }, rsa.privateKey],
      [{ alg: 'ES256', kid: 'other', jwk: ownKey, jku: 'https://else.example.org' }, ec.privateKey],
      [{ ...byRsa, crit: ['b64'], b64: false }, rsa.privateKey],
    ] as const)
      assert.equal(
        await codeOf(token(header, claims(), by)),
        'InvalidIdentityToken',
        JSON.stringify([header, by]),
      )
  })

  it('says for whom it is, of whom and until when, in the types that it must', async () => {
    const { codeOf } = setUp()
    const refused: readonly (readonly [object, string])[] = [
      [{ aud: [] }, 'InvalidIdentityToken'],
      [{ aud: [['store']] }, 'InvalidIdentityToken'],
      [{ aud: { 0: 'store' } }, 'InvalidIdentityToken'],
      [{ aud: 'store ' }, 'InvalidIdentityToken'],
      [{ exp: String(nowSeconds() + 300) }, 'IDPRejectedClaim'],
      [{ exp: nowSeconds() - 60 }, 'ExpiredTokenException'],
      [{ nbf: nowSeconds() + 61 }, 'IDPRejectedClaim'],
      [{ iat: nowSeconds() + 61 }, 'IDPRejectedClaim'],
      [{ iat: null }, 'IDPRejectedClaim'],
      [{ sub: ['repo:acme/site'] }, 'IDPRejectedClaim'],
      [{ sub: 'repo:acme/\n' }, 'IDPRejectedClaim'],
      [{ sub: 'repo:acme2/site' }, 'AccessDenied'],
      [{ iss: `${ISSUER}/` }, 'AccessDenied'],
    ]
    for (const [other, code] of refused)
      assert.equal(
        await codeOf(token({ alg: 'RS256', kid: 'rsa' }, claims(other), rsa.privateKey)),
        code,
        JSON.stringify(other),
      )
  })

  it('is taken from who was given it, where it is for others as well, or where the role names whom', async () => {
    const { codeOf } = setUp()
    const TAKEN = 'repo:acme/site'
    const REFUSED = 'InvalidIdentityToken'
    const cases: readonly (readonly [object, object, string])[] = [
      [{ aud: ['store'], azp: 'ci' }, {}, TAKEN],
      [{ aud: ['else', 'store'] }, {}, REFUSED],
      [{ aud: ['else', 'store'], azp: 'else' }, {}, REFUSED],
      [{ aud: ['else', 'store'], azp: ['store'] }, {}, REFUSED],
      [{ aud: ['else', 'store'], azp: 'store' }, {}, TAKEN],
      [{ aud: ['else', 'store'] }, { audiences: ['store', 'else'] }, TAKEN],
      [{ aud: ['else'], azp: 'store' }, {}, REFUSED],
      [{ aud: ['else', 'store'], azp: 'ci' }, { authorizedParties: ['ci'] }, TAKEN],
      [{ aud: 'store', azp: 'ci' }, { authorizedParties: ['cd', 'ci'] }, TAKEN],
      [{ aud: 'store', azp: 'cj' }, { authorizedParties: ['cd', 'ci'] }, REFUSED],
      [{ aud: 'store', azp: 'store' }, { authorizedParties: ['ci'] }, REFUSED],
      [{ aud: 'store' }, { authorizedParties: ['ci'] }, REFUSED],
      [{ aud: 'else', azp: 'ci' }, { authorizedParties: ['ci'] }, REFUSED],
    ]
    for (const [other, trust, code] of cases)
      assert.equal(
        await codeOf(token({ alg: 'RS256', kid: 'rsa' }, claims(other), rsa.privateKey), trust),
        code,
        JSON.stringify([other, trust]),
      )
  })

  it('makes the server ask nobody but its issuer, and not again for each unknown key', async () => {
    const { asked, codeOf } = setUp()
    const unknown = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, at) =>
          codeOf(token({ alg: 'RS256', kid: `k${at}` }, claims(), rsa.privateKey)),
        ),
      )
    await codeOf(
      token({ alg: 'RS256', kid: 'k' }, claims({ iss: 'https://else.example.org' }), rsa.privateKey),
    )
    assert.deepEqual(asked, [])
    await unknown(50)
    assert.deepEqual(asked, [`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/jwks`])
    clock.advance(31_000)
    await unknown(50)
    assert.equal(asked.length, 4)
  })

  it('is refused where the issuer’s documents are of no use, and what they name is not asked', async () => {
    const good = token({ alg: 'RS256', kid: 'rsa' }, claims(), rsa.privateKey)
    for (const discovery of [
      5,
      [],
      { issuer: ISSUER },
      { issuer: `${ISSUER}/`, jwks_uri: `${ISSUER}/jwks` },
      ...['http://idp.example.org/jwks', 'http://127.0.0.1/', 'file:///etc/passwd', 'jwks'].map((place) => ({
        issuer: ISSUER,
        jwks_uri: place,
      })),
    ]) {
      const { asked, codeOf } = setUp({ discovery })
      assert.equal(await codeOf(good), 'InvalidIdentityToken', JSON.stringify(discovery))
      assert.equal(asked.length, 1)
    }
    // Another host, another port.
    for (const place of ['https://else.example.org/jwks', 'https://idp.example.org:8443/jwks']) {
      const discovery = { issuer: ISSUER, jwks_uri: place }
      const { asked, codeOf } = setUp({ discovery, keyOrigins: ['https://third.example.org'] })
      assert.equal(await codeOf(good), 'InvalidIdentityToken')
      assert.equal(asked.length, 1)
      const { origin } = new URL(place)
      assert.equal(await setUp({ discovery, keyOrigins: [origin] }).codeOf(good), 'repo:acme/site')
    }
    for (const jwks of [5, 'x', {}, { keys: {} }, { keys: [null] }, { keys: ['x'] }, { keys: [] }])
      assert.equal(await setUp({ jwks }).codeOf(good), 'InvalidIdentityToken', JSON.stringify(jwks))
  })

  it('makes the server ask nobody in its private networks, but an issuer that is there itself', async () => {
    const good = token({ alg: 'RS256', kid: 'rsa' }, claims(), rsa.privateKey)
    const [outside, inside] = [setUp(), setUp({ isPrivate: true })]
    for (const { codeOf } of [outside, inside]) assert.equal(await codeOf(good), 'repo:acme/site')
    assert.deepEqual(
      [outside.publicly, inside.publicly],
      [
        [false, true],
        [false, false],
      ],
    )
  })

  it('of Google is looked at by the keys that Google has elsewhere', async () => {
    const issuer = 'https://accounts.google.com'
    const by = { alg: 'RS256', kid: 'rsa' }
    const good = token(by, claims({ iss: issuer }), rsa.privateKey)
    const google = (place: string) => setUp({ issuer, discovery: { issuer, jwks_uri: place } }).codeOf(good)
    assert.equal(await google('https://www.googleapis.com/oauth2/v3/certs'), 'repo:acme/site')
    assert.equal(await google('https://www.googleapis.com.example.org/certs'), 'InvalidIdentityToken')
    const discovery = { issuer: ISSUER, jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs' }
    const others = token(by, claims(), rsa.privateKey)
    assert.equal(await setUp({ discovery }).codeOf(others), 'InvalidIdentityToken')
  })
})
