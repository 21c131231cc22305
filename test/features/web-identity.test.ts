/** Roles taken by tokens of a real OpenID Connect issuer. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { JWTPayload } from 'jose'
import { roleKey } from '../../src/service/keyspace.ts'
import { roleCodec, type RoleRecord } from '../../src/service/records/role.ts'
import { startOidcIssuer, type OidcIssuer } from '../harness/oidc-issuer.ts'
import { KeyWorld, outcomeOf } from './key-world.ts'
import { credentialsOf, tagOf } from './session-world.ts'

const AUDIENCE = 'urn:lugsail'

describe('AssumeRoleWithWebIdentity', () => {
  let world: KeyWorld
  let oidc: OidcIssuer
  let issuer = ''
  before(async () => {
    world = await KeyWorld.start({ 'web-identity-http': 'loopback' })
    oidc = await startOidcIssuer(AUDIENCE)
    issuer = oidc.url
    await world.call('CreateRole', {
      name: 'deploy',
      buckets: ['photos'],
      rights: ['read', 'write'],
      trusts: [{ issuer, audiences: [AUDIENCE], subjects: ['c?'] }],
    })
  })
  after(async () => {
    await oidc.stop()
    await world.stop()
  })

  const nowSeconds = () => Math.floor(world.server.clock.now() / 1_000)
  const lasting = (claims: JWTPayload = {}): JWTPayload => ({
    iat: nowSeconds(),
    exp: nowSeconds() + 600,
    ...claims,
  })

  /** As SDKs ask: unsigned. */
  async function ask(
    token: string,
    name = 'deploy',
    parameters: Readonly<Record<string, string>> = {},
    of: KeyWorld = world,
  ) {
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: `arn:aws:iam::${of.accountId}:role/${name}`,
      RoleSessionName: 'run-7',
      WebIdentityToken: token,
      ...parameters,
    })
    const response = await fetch(of.server.endpoint, { method: 'POST', body: form })
    return { status: response.status, text: await response.text() }
  }
  const refusal = async (token: string, name?: string) => {
    const { status, text } = await ask(token, name)
    return `${status} ${tagOf(text, 'Code')}: ${tagOf(text, 'Message')}`
  }

  it('gives credentials of the role to who has a token of its issuer, and they end with the role', async () => {
    const { status, text } = await ask(await oidc.issuedToken())
    assert.equal(status, 200, text)
    assert.deepEqual(
      ['SubjectFromWebIdentityToken', 'Provider', 'Audience', 'Arn'].map((name) => tagOf(text, name)),
      ['ci', issuer, AUDIENCE, `arn:aws:sts::${world.accountId}:assumed-role/deploy/run-7`],
    )
    const client = world.client(credentialsOf(text))
    const read = async (path: string) => outcomeOf(await client.s3({ method: 'GET', path }))
    assert.deepEqual([await read('/photos/a/1'), await read('/papers/x')], ['200', '403 AccessDenied'])
    const { roles } = await world.call<{ roles: { lastUsed: Record<string, unknown> }[] }>('GetRoles', {})
    const { sessionName, accessKeyId, address } = roles[0]?.lastUsed ?? {}
    assert.deepEqual([sessionName, accessKeyId, address], ['run-7', undefined, '127.0.0.1'])
    await world.call('UpdateRole', { name: 'deploy', status: 'Inactive' })
    assert.equal(await read('/photos/a/1'), '400 InvalidToken')
    await world.call('UpdateRole', { name: 'deploy', status: 'Active' })
  })

  it('refuses with the codes and words of Amazon', async () => {
    const jwt = (header: object, claims: JWTPayload, sign: (text: string) => string) => {
      const text = [header, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      return `${text}.${sign(text)}`
    }
    const claims = lasting({ iss: issuer, sub: 'ci', aud: AUDIENCE })
    const noJwt =
      '400 InvalidIdentityToken: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'
    assert.equal(await refusal('none.of.these'), noJwt)
    assert.equal(await refusal(jwt({ alg: 'none' }, claims, () => '')), noJwt)
    const byHmac = (text: string) => createHmac('sha256', 'shared').update(text).digest('base64url')
    assert.equal(await refusal(jwt({ alg: 'HS256' }, claims, byHmac)), noJwt)
    const good = await oidc.ownToken(lasting())
    assert.equal((await ask(good)).status, 200)
    assert.match(
      await refusal(good.slice(0, -4) + 'AAAA'),
      /^400 InvalidIdentityToken: The ID Token provided could not/,
    )
    // Whether a role is there is not told to who cannot name an issuer that it trusts.
    const notAuthorized = '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity'
    for (const iss of [`${issuer}/other`, `${issuer}/`, 'https://169.254.169.254'])
      for (const role of ['deploy', 'none'])
        assert.equal(await refusal(await oidc.ownToken(lasting({ iss })), role), notAuthorized)
    for (const iss of [5, [issuer], { url: issuer }, null]) {
      const token = jwt(
        { alg: 'RS256', kid: 'k1' },
        { ...claims, iss } as unknown as JWTPayload,
        () => 'AAAA',
      )
      assert.equal(await refusal(token), noJwt)
    }
    assert.equal(
      await refusal(await oidc.ownToken(lasting({ aud: 'other' }))),
      '400 InvalidIdentityToken: Incorrect token audience',
    )
    assert.equal(
      await refusal(await oidc.ownToken(lasting({ sub: 'else' }))),
      '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    )
    const old = lasting({ exp: nowSeconds() - 61 })
    assert.equal(
      await refusal(await oidc.ownToken(old)),
      `400 ExpiredTokenException: Token expired: current date/time ${nowSeconds()} must be before the expiration date/time${old.exp}`,
    )
    assert.equal((await ask(await oidc.ownToken(lasting({ exp: nowSeconds() - 59 })))).status, 200)
    assert.match(
      await refusal(await oidc.ownToken({ iat: nowSeconds() })),
      /^400 InvalidIdentityToken: Missing a required claim: exp/,
    )
    assert.match(
      await refusal(await oidc.ownToken(lasting({ iat: nowSeconds() + 90 }))),
      /^403 IDPRejectedClaim/,
    )
    assert.match(
      await refusal(await oidc.ownToken(lasting(), 'k2')),
      /^400 InvalidIdentityToken: Couldn't retrieve verification key/,
    )
    assert.match(await refusal(good, 'none'), /^403 AccessDenied: Not authorized/)
    assert.match(await refusal('x'), /^400 ValidationError/)
  })

  it('holds claims against what the role trusts, and leaves issuers alone that do not answer', async () => {
    await world.call('CreateRole', {
      name: 'claims',
      rights: ['read'],
      trusts: [
        {
          issuer,
          audiences: ['a', AUDIENCE],
          subjects: ['*'],
          claims: [{ name: 'groups', values: ['storage-*'] }],
        },
      ],
    })
    assert.equal(
      (await ask(await oidc.ownToken(lasting({ groups: ['x', 'storage-eu'] })), 'claims')).status,
      200,
    )
    assert.match(
      await refusal(await oidc.ownToken(lasting({ groups: ['x'] })), 'claims'),
      /^403 AccessDenied/,
    )
    assert.match(await refusal(await oidc.ownToken(lasting()), 'claims'), /^403 AccessDenied/)
    const dead = 'http://127.0.0.1:1'
    await world.call('CreateRole', {
      name: 'dead',
      rights: ['read'],
      trusts: [{ issuer: dead, audiences: [AUDIENCE], subjects: ['ci'] }],
    })
    for (let time = 0; time < 2; time++)
      assert.match(
        await refusal(await oidc.ownToken(lasting({ iss: dead })), 'dead'),
        /^400 IDPCommunicationError/,
      )
    for (const [trust, message] of [
      [{ issuer: 'http://example.org' }, /must be https/],
      [
        { issuer: 'https://token.actions.githubusercontent.com', subjects: ['repo:acme*'] },
        /must name the owner/,
      ],
      [{ issuer: 'https://idp.example.org', subjects: ['*'] }, /matches everybody/],
      [
        {
          issuer: 'https://idp.example.org',
          subjects: ['?*'],
          claims: [{ name: 'groups', values: ['storage', '*'] }],
        },
        /matches everybody/,
      ],
      [{ issuer: 'https://app.terraform.io', subjects: ['organization:*'] }, /must name the owner/],
      [{ issuer: 'https://idp.example.org', audiences: [] }, /audiences must name at least one/],
    ] as const)
      assert.match(
        await world.refusal('CreateRole', {
          name: 'never',
          rights: ['read'],
          trusts: [{ audiences: ['a'], subjects: ['s'], ...trust }],
        }),
        message,
      )
  })

  it('is looked at by keys on another host where the server is told of that, and not otherwise', async () => {
    // An issuer as a cluster's: its keys are at another address, here that of the real one.
    const discovery = createServer((_request, response) =>
      response.end(JSON.stringify({ issuer: elsewhere, jwks_uri: `${issuer}/jwks` })),
    )
    await new Promise<void>((resolve) => discovery.listen(0, '127.0.0.1', resolve))
    const elsewhere = `http://127.0.0.1:${(discovery.address() as AddressInfo).port}`
    const token = await oidc.ownToken(lasting({ iss: elsewhere }))
    const outcomeWith = async (options: Readonly<Record<string, string>>) => {
      const other = await KeyWorld.start({ 'web-identity-http': 'loopback', ...options })
      try {
        const trusts = [{ issuer: elsewhere, audiences: [AUDIENCE], subjects: ['ci'] }]
        await other.call('CreateRole', { name: 'deploy', rights: ['read'], trusts })
        const { text } = await ask(token, 'deploy', {}, other)
        return tagOf(text, 'Code') ?? tagOf(text, 'Provider')
      } finally {
        await other.stop()
      }
    }
    try {
      assert.equal(await outcomeWith({}), 'InvalidIdentityToken')
      assert.equal(
        await outcomeWith({ 'web-identity-key-origins': `https://a.example ${issuer}` }),
        elsewhere,
      )
    } finally {
      discovery.closeAllConnections()
      await new Promise((resolve) => discovery.close(resolve))
    }
  })

  it('is for who was given it: azp counts as the role says', async () => {
    await world.call('CreateRole', {
      name: 'parties',
      rights: ['read'],
      trusts: [{ issuer, audiences: [AUDIENCE], authorizedParties: ['ci'], subjects: ['ci'] }],
    })
    const codeWith = async (claims: JWTPayload, name?: string) => {
      const { text } = await ask(await oidc.ownToken(lasting(claims)), name)
      return tagOf(text, 'Code')
    }
    assert.equal(await codeWith({ azp: 'ci' }, 'parties'), undefined)
    assert.equal(await codeWith({ azp: 'other' }, 'parties'), 'InvalidIdentityToken')
    assert.equal(await codeWith({}, 'parties'), 'InvalidIdentityToken')
    assert.equal(await codeWith({ aud: [AUDIENCE, 'account'] }), 'InvalidIdentityToken')
    assert.equal(await codeWith({ aud: [AUDIENCE, 'account'], azp: 'ci' }, 'parties'), undefined)
    const { roles } = await world.call<{ roles: { trusts: object[] }[] }>('GetRoles', { name: 'parties' })
    assert.deepEqual(roles[0]?.trusts[0], {
      issuer,
      audiences: [AUDIENCE],
      authorizedParties: ['ci'],
      subjects: ['ci'],
    })
  })

  it('is named in access logs as the session that it is, and not as the account', async () => {
    const accessLogConfig = { enabled: true, destination: 'papers', prefix: 'log/' }
    const set = await world.root.lightsail('UpdateBucket', { bucketName: 'photos', accessLogConfig })
    assert.equal(set.status, 200, set.body.toString())
    const session = credentialsOf((await ask(await oidc.ownToken(lasting()))).text)
    const got = await world.client(session).s3({ method: 'GET', path: '/photos/a/1' })
    assert.equal(outcomeOf(got), '200')
    await world.server.pass(300_000)
    const list = await world.root.s3({ method: 'GET', path: '/papers?prefix=log/' })
    const keys = [...list.body.toString().matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key)
    const texts = await Promise.all(
      keys.map((key) => world.root.s3({ method: 'GET', path: `/papers/${key}` })),
    )
    const lines = texts.flatMap(({ body }) => body.toString().split('\n'))
    const line = lines.find((each) => each.includes('REST.GET.OBJECT')) ?? assert.fail(lines.join('\n'))
    assert.match(
      line,
      new RegExp(` arn:aws:sts::${world.accountId}:assumed-role/deploy/run-7 .* ${session.accessKeyId}$`),
    )
  })

  it('does not ask issuers that the server does not take any more', async () => {
    const tightened = await KeyWorld.start({ 'web-identity-issuers': 'https://idp.example.org' })
    try {
      // As it was stored when the server took every issuer, and that of its own machine.
      const record: RoleRecord = {
        roleId: 'AROAAAAAAAAAAAAAAAAAA',
        accountId: tightened.accountId,
        name: 'before',
        status: 'Active',
        createdAt: 0,
        rights: ['read'],
        sessionSecondsMax: 3_600,
        trusts: [{ issuer, audiences: [AUDIENCE], subjects: ['ci'] }],
      }
      const key = roleKey(tightened.accountId, 'before')
      await tightened.server.context.metadata.commit({ sets: [{ key, value: roleCodec.encode(record) }] })
      const form = new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: `arn:aws:iam::${tightened.accountId}:role/before`,
        RoleSessionName: 'run-7',
        WebIdentityToken: await oidc.ownToken(lasting()),
      })
      const response = await fetch(tightened.server.endpoint, { method: 'POST', body: form })
      assert.equal(tagOf(await response.text(), 'Code'), 'AccessDenied')
    } finally {
      await tightened.stop()
    }
  })
})
