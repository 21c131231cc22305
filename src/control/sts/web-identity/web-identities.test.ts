import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../../test/manual-clock.ts'
import { StsFailure } from '../sts-failure.ts'
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
  /** What asking for the keys throws. */
  readonly unreachable?: Error
}

function setUp({ isPrivate = false, keyOrigins, issuer = ISSUER, unreachable, ...documents }: Issuer = {}) {
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
      if (unreachable) return Promise.reject(unreachable)
      const json = url.pathname.endsWith('/openid-configuration') ? discovery : jwks
      return Promise.resolve({ json, isPrivate })
    },
  })
  const codeOf = (text: string, trust: object = {}) =>
    identities.verify(text, [{ ...TRUST, issuer, ...trust }]).then(
      ({ subject }) => subject,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    )
  const verify = (text: string, ...trusts: readonly object[]) =>
    identities.verify(
      text,
      (trusts.length === 0 ? [{}] : trusts).map((trust) => ({ ...TRUST, issuer, ...trust })),
    )
  return { asked, publicly, codeOf, verify }
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

  const good = (other: object = {}) => token({ alg: 'RS256', kid: 'rsa' }, claims(other), rsa.privateKey)

  it('says who it is: of the issuer, its subject, the audience that is trusted, and its id', async () => {
    const { verify } = setUp()
    const identity = { issuer: ISSUER, subject: 'repo:acme/site', audience: 'store', tokenId: null }
    assert.deepEqual(await verify(good()), identity)
    assert.deepEqual(await verify(good({ jti: 7 })), identity)
    assert.deepEqual(await verify(good({ jti: 'x'.repeat(300) })), { ...identity, tokenId: 'x'.repeat(255) })
    assert.deepEqual(
      await verify(good({ aud: ['first', 'second'], azp: 'second' }), { audiences: ['second'] }),
      {
        ...identity,
        audience: 'second',
      },
    )
    const longest = `repo:acme/${'s'.repeat(245)}`
    assert.equal((await verify(good({ sub: longest }))).subject, longest)
    await assert.rejects(verify(good({ sub: `${longest}s` })), {
      code: 'IDPRejectedClaim',
      message: 'The claim sub of the token does not hold',
    })
  })

  it('is taken by the first of several that trust it for its subject and its claims', async () => {
    const { verify } = setUp()
    const other = { subjects: ['repo:other/*'] }
    assert.equal((await verify(good(), other, {})).subject, 'repo:acme/site')
    await assert.rejects(verify(good(), other, { issuer: 'https://else.example.org' }), {
      code: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    })
    const text = good({
      ref: 'refs/heads/main',
      groups: ['dev', 5],
      isAdmin: true,
      level: 3,
      nested: { a: 'b' },
    })
    for (const [trusted, isTaken] of [
      [[{ name: 'ref', values: ['refs/tags/*', 'refs/heads/*'] }], true],
      [[{ name: 'ref', values: ['refs/tags/*'] }], false],
      [[{ name: 'groups', values: ['d?v'] }], true],
      [[{ name: 'groups', values: ['5'] }], true],
      [[{ name: 'isAdmin', values: ['true'] }], true],
      [[{ name: 'level', values: ['3'] }], true],
      [[{ name: 'level', values: ['4'] }], false],
      [[{ name: 'nested', values: ['*'] }], false],
      [[{ name: 'missing', values: ['*'] }], false],
      [[{ name: 'toString', values: ['*'] }], false],
      [
        [
          { name: 'ref', values: ['*'] },
          { name: 'level', values: ['4'] },
        ],
        false,
      ],
      [[], true],
    ] as const) {
      const outcome = await verify(text, { claims: trusted }).then(
        () => true,
        () => false,
      )
      assert.equal(outcome, isTaken, JSON.stringify(trusted))
    }
  })

  it('may be of a clock that is a minute off, and not more', async () => {
    const { codeOf } = setUp()
    for (const [other, code] of [
      [{ exp: nowSeconds() - 59 }, 'repo:acme/site'],
      [{ exp: nowSeconds() - 60 }, 'ExpiredTokenException'],
      [{ nbf: nowSeconds() + 60 }, 'repo:acme/site'],
      [{ iat: nowSeconds() + 60 }, 'repo:acme/site'],
      [{ iat: nowSeconds() + 61 }, 'IDPRejectedClaim'],
    ] as const)
      assert.equal(await codeOf(good(other)), code, JSON.stringify(other))
  })

  it('is refused with what is wrong with it, in the words of Amazon’s where it has any', async () => {
    const { verify } = setUp()
    const message = async (text: string): Promise<string> =>
      await verify(text).then(
        () => 'taken',
        (error: unknown) => (error instanceof StsFailure ? `${error.code}: ${error.message}` : String(error)),
      )
    const expiredAt = nowSeconds() - 100
    for (const [text, said] of [
      ['no token', /^InvalidIdentityToken: The ID Token provided is not a valid JWT\. \(You may see/],
      [good({ iss: 5 }), /^InvalidIdentityToken: The ID Token provided is not a valid JWT\./],
      [
        good({ exp: expiredAt }),
        new RegExp(`: Token expired: current date/time ${nowSeconds()} must be before .*${expiredAt}$`),
      ],
      [good({ sub: undefined }), /^InvalidIdentityToken: Missing a required claim: sub$/],
      [good({ exp: undefined }), /^InvalidIdentityToken: Missing a required claim: exp$/],
      [good({ nbf: nowSeconds() + 99 }), /^IDPRejectedClaim: The claim nbf of the token does not hold$/],
      [good({ iat: nowSeconds() + 99 }), /^IDPRejectedClaim: The token was issued in the future$/],
      [good({ aud: 'else' }), /^InvalidIdentityToken: Incorrect token audience$/],
      [`${good().slice(0, -4)}AAAA`, /^InvalidIdentityToken: The ID Token provided could not be verified$/],
      [
        token({ alg: 'RS256', kid: 'none' }, claims(), rsa.privateKey),
        /^InvalidIdentityToken: Couldn't retrieve verification key from your identity provider/,
      ],
    ] as const)
      assert.match(await message(text), said)
  })

  it('is refused otherwise where its issuer cannot be asked now, and the log is told why what it says is of no use', async () => {
    await assert.rejects(setUp({ unreachable: new Error('no route') }).verify(good()), {
      code: 'IDPCommunicationError',
      message: /could not be reached to verify the token\. Try again\.$/,
    })
    for (const [world, header, by, why] of [
      [{}, { alg: 'RS256', kid: 'weak' }, weak, `a key of ${ISSUER} is malformed, or too short`],
      [{ jwks: 5 }, { alg: 'RS256', kid: 'rsa' }, rsa, ISSUER],
    ] as const)
      await assert.rejects(setUp(world).verify(token(header, claims(), by.privateKey)), (error) => {
        assert.ok(error instanceof StsFailure && error.cause instanceof Error)
        assert.ok(error.cause.message.includes(why), error.cause.message)
        return true
      })
    const unknown = token({ alg: 'RS256', kid: 'none' }, claims(), rsa.privateKey)
    await assert.rejects(setUp().verify(unknown), (error) => (error as Error).cause === undefined)
  })

  it('may be by a key that its issuer has had for less than an hour', async () => {
    const world: { keys: object[] } = { keys: [jwkOf(ec, { kid: 'ec' })] }
    const { codeOf, asked } = setUp({ jwks: world })
    assert.equal(await codeOf(good()), 'InvalidIdentityToken')
    world.keys.push(jwkOf(rsa, { kid: 'rsa' }))
    assert.equal(await codeOf(good()), 'InvalidIdentityToken', 'it was asked a moment ago')
    clock.advance(30_000)
    assert.equal(await codeOf(good()), 'repo:acme/site')
    assert.equal(asked.length, 4)
    clock.advance(3_599_999)
    assert.equal(await codeOf(good()), 'repo:acme/site')
    assert.equal(asked.length, 4)
    clock.advance(1)
    assert.equal(await codeOf(good()), 'repo:acme/site')
    assert.equal(asked.length, 6)
  })
})
