/** Temporary credentials through the wire: what they open, and when they end. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import type { SignedClient } from '../harness/signed-client.ts'
import { KeyWorld, outcomeOf, outcomes } from './key-world.ts'
import { credentialsOf, stsRefusal, tagOf, takeSession, type TemporaryKey } from './session-world.ts'
import { tryAllWays } from './ways-in.ts'

let world: KeyWorld
before(async () => {
  world = await KeyWorld.start()
})
after(() => world.stop())

const nowMs = () => world.server.clock.now()
const arnOf = (role: string) => `arn:aws:iam::${world.accountId}:role/${role}`
const waysWith = (key: TemporaryKey) =>
  tryAllWays(world.server.endpoint, key, { bucket: 'photos', key: 'a/1', nowMs: nowMs() })
const statuses = async (key: TemporaryKey) =>
  Object.fromEntries(Object.entries(await waysWith(key)).map(([way, { status }]) => [way, status]))
const codes = async (key: TemporaryKey) => {
  const outcomes = Object.entries(await waysWith(key))
  return Object.fromEntries(
    outcomes.map(([way, { text }]) => [way, tagOf(text, 'Code') ?? /"__type":"(\w+)"/.exec(text)?.[1]]),
  )
}
const everywhere = (codesOfApis: { s3: string; json: string; sts: string }) => ({
  'a signed header': codesOfApis.s3,
  'a presigned URL': codesOfApis.s3,
  'a URL presigned by version 2': codesOfApis.s3,
  'a form': codesOfApis.s3,
  'the Lightsail API': codesOfApis.json,
  "Lugsail's own API": codesOfApis.json,
  STS: codesOfApis.sts,
})
const INVALID = everywhere({
  s3: 'InvalidToken',
  json: 'UnrecognizedClientException',
  sts: 'InvalidClientTokenId',
})
const EXPIRED = everywhere({ s3: 'ExpiredToken', json: 'ExpiredTokenException', sts: 'ExpiredToken' })

describe('GetSessionToken', () => {
  it('gives credentials that open every API in every way as the key does', async () => {
    const session = await takeSession(world.root, 'GetSessionToken')
    assert.match(session.accessKeyId, /^ASIA[A-Z2-7]{16}$/)
    assert.equal(session.secretAccessKey.length, 40)
    const { 'a form': form, "Lugsail's own API": own, ...others } = await statuses(session)
    // The own API is asked to switch a key that is none.
    assert.deepEqual([form, own], [204, 400])
    assert.deepEqual([...new Set(Object.values(others))], [200])
    const identity = await world.client(session).identity()
    assert.equal(tagOf(identity.body.toString(), 'Arn'), `arn:aws:iam::${world.accountId}:root`)
  })

  it('gives credentials for 12 hours, or as long as is asked for, and they end then', async () => {
    const end = async (parameters = {}) => {
      const { body } = await world.root.sts('GetSessionToken', parameters)
      return Date.parse(tagOf(body.toString(), 'Expiration') ?? '') - nowMs()
    }
    assert.equal(await end(), 12 * 3_600_000)
    assert.equal(await end({ DurationSeconds: '900' }), 900_000)
    assert.equal(
      await stsRefusal(world.root, 'GetSessionToken', { DurationSeconds: '899' }),
      '400 ValidationError: 1 validation error detected: Value &apos;899&apos; at &apos;durationSeconds&apos; failed to satisfy constraint: Member must have value greater than or equal to 900'.replaceAll(
        '&apos;',
        "'",
      ),
    )
    assert.match(
      await stsRefusal(world.root, 'GetSessionToken', { DurationSeconds: '43201' }),
      /ValidationError/,
    )
    const session = await takeSession(world.root, 'GetSessionToken', { DurationSeconds: '900' })
    await world.server.pass(899_000)
    assert.equal(outcomeOf(await world.client(session).s3({ method: 'GET', path: '/photos/a/1' })), '200')
    await world.server.pass(1_000)
    assert.deepEqual(await codes(session), EXPIRED)
    const { body } = await world.client(session).s3({ method: 'GET', path: '/photos/a/1' })
    assert.equal(tagOf(body.toString(), 'Message'), 'The provided token has expired.')
  })

  it('gives an application key what it may itself, in its networks, until it ends', async () => {
    const key = await world.withKey('reader', { buckets: ['photos'], rights: ['read'], prefixes: ['a/'] })
    const client = world.client(await takeSession(key, 'GetSessionToken'))
    assert.deepEqual(
      Object.values(await outcomes(client, 'GET /photos/a/1', 'GET /photos/b/1', 'PUT /photos/a/9')),
      ['200', '403 AccessDenied', '403 AccessDenied'],
    )
    await world.call('UpdateAccessKey', { name: 'reader', rights: ['write'] })
    assert.deepEqual(Object.values(await outcomes(client, 'GET /photos/a/1', 'PUT /photos/a/9')), [
      '403 AccessDenied',
      '200',
    ])
    await world.call('UpdateAccessKey', { name: 'reader', sourceNetworks: ['198.51.100.0/24'] })
    assert.deepEqual(Object.values(await outcomes(client, 'PUT /photos/a/9')), ['403 AccessDenied'])
    assert.match(await stsRefusal(client, 'GetCallerIdentity'), /AccessDenied/)
    const ending = await world.withKey('ending', { rights: ['read'], expiresInSeconds: 1_000 })
    const session = await takeSession(ending, 'GetSessionToken')
    await world.server.pass(1_001_000)
    assert.deepEqual(await codes(session), EXPIRED)
  })

  it('is not for who has temporary credentials', async () => {
    const client = world.client(await takeSession(world.root, 'GetSessionToken'))
    assert.equal(
      await stsRefusal(client, 'GetSessionToken'),
      '403 AccessDenied: Cannot call GetSessionToken with session credentials',
    )
  })

  it('is ended with its key: when that is switched off, rotated or deleted', async () => {
    const stops = {
      off: () => world.call('UpdateAccessKey', { name: 'off', status: 'Inactive' }),
      rotated: () => world.call('RotateAccessKey', { name: 'rotated', retireInSeconds: 0 }),
      deleted: () => world.call('DeleteAccessKey', { name: 'deleted' }),
    }
    for (const [name, stop] of Object.entries(stops)) {
      const session = await takeSession(await world.withKey(name, { rights: ['read'] }), 'GetSessionToken')
      assert.equal((await statuses(session))['a signed header'], 200)
      await stop()
      assert.deepEqual(await codes(session), INVALID, name)
    }
  })

  it('does not come back when the id of its key is imported again, by whomever', async () => {
    const pair = (secretAccessKey: string) => ({ accessKeyId: 'minio-app', secretAccessKey })
    const importKey = async (client: SignedClient, secret: string) => {
      const input = { name: 'minio', rights: ['read'], ...pair(secret) }
      const { status, body } = await client.lugsail('ImportAccessKey', input)
      assert.equal(status, 200, body.toString())
      return world.client(pair(secret))
    }
    const deleteKey = async (client: SignedClient) => {
      assert.equal((await client.lugsail('DeleteAccessKey', { name: 'minio' })).status, 200)
      world.server.clock.advance(1_000)
    }
    await world.call('CreateRole', { name: 'imported', rights: ['read'] })
    const key = await importKey(world.root, 'first-secret-of-the-key')
    const sessions = [await takeSession(key, 'GetSessionToken'), await takeRole(key, 'imported')]
    for (const session of sessions) assert.equal((await statuses(session))['a signed header'], 200)
    await deleteKey(world.root)
    await importKey(world.root, 'second-secret-of-the-key')
    for (const session of sessions) assert.deepEqual(await codes(session), INVALID)
    await deleteKey(world.root)
    const { rootKey } = await createAccount(world.server.context, 'others')
    const others = world.client(rootKey)
    await importKey(others, 'secret-of-another-account')
    for (const session of sessions) assert.deepEqual(await codes(session), INVALID)
    await deleteKey(others)
  })
})

describe('a session token', () => {
  it('opens nothing when it is cut, changed, of another key, or missing', async () => {
    const session = await takeSession(world.root, 'GetSessionToken')
    const other = await takeSession(world.root, 'GetSessionToken')
    const { sessionToken: token } = session
    const wrong = [
      '',
      'x',
      token.slice(0, -1),
      token.slice(1),
      `${token}A`,
      `${token}=`,
      `B${token.slice(1)}`,
      token.slice(0, 40) + (token[40] === 'A' ? 'B' : 'A') + token.slice(41),
      other.sessionToken,
      'A'.repeat(5_000),
    ]
    for (const sessionToken of wrong)
      assert.deepEqual(await codes({ ...session, sessionToken }), INVALID, sessionToken.slice(0, 80))
    const { accessKeyId, secretAccessKey } = session
    const { body } = await world
      .client({ accessKeyId, secretAccessKey })
      .s3({ method: 'GET', path: '/photos/a/1' })
    assert.equal(tagOf(body.toString(), 'Code'), 'InvalidAccessKeyId')
  })

  it('is not taken beside the secret of a key that has none', async () => {
    const { accessKey } = await world.call('CreateAccessKey', { name: 'plain', rights: ['read'] })
    const { sessionToken } = await takeSession(world.root, 'GetSessionToken')
    assert.deepEqual(await codes({ ...accessKey, sessionToken }), INVALID)
  })

  it('is wrong with another secret, as a key is', async () => {
    const session = await takeSession(world.root, 'GetSessionToken')
    const client = world.client({ ...session, secretAccessKey: 'x'.repeat(40) })
    assert.equal(
      outcomeOf(await client.s3({ method: 'GET', path: '/photos/a/1' })),
      '403 SignatureDoesNotMatch',
    )
  })
})

const takeRole = (client: Parameters<typeof takeSession>[0], name: string, parameters = {}) =>
  takeSession(client, 'AssumeRole', { RoleArn: arnOf(name), RoleSessionName: 'job-1', ...parameters })

describe('AssumeRole', () => {
  it('gives what key, role and policy all allow', async () => {
    await world.call('CreateRole', { name: 'both', buckets: ['photos'], rights: ['read', 'write'] })
    const requests = ['GET /photos/a/1', 'PUT /photos/a/9', 'GET /photos', 'GET /papers/x']
    const may = async (client: Parameters<typeof takeSession>[0], parameters = {}) => {
      const session = world.client(await takeRole(client, 'both', parameters))
      return Object.values(await outcomes(session, ...requests)).map((outcome) => outcome.split(' ')[0])
    }
    assert.deepEqual(await may(world.root), ['200', '200', '403', '403'])
    const reader = await world.withKey('both-reader', { rights: ['read', 'list'] })
    assert.deepEqual(await may(reader), ['200', '403', '403', '403'])
    const papers = await world.withKey('both-papers', { buckets: ['papers'], rights: ['full'] })
    assert.deepEqual(await may(papers), ['403', '403', '403', '403'])
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::photos/a/*' }],
    })
    assert.deepEqual(await may(world.root, { Policy }), ['403', '200', '403', '403'])
    assert.deepEqual(await may(reader, { Policy }), ['403', '403', '403', '403'])
  })

  it('answers as Amazon does', async () => {
    await world.call('CreateRole', { name: 'answers', rights: ['read'] })
    const { status, body } = await world.root.sts('AssumeRole', {
      RoleArn: arnOf('answers'),
      RoleSessionName: 'job-1',
      Policy: '{"Statement": [ {"Effect":"Allow","Action":"s3:*","Resource":"*"} ] }',
    })
    const text = body.toString()
    assert.equal(status, 200, text)
    assert.match(
      text,
      /<AssumeRoleResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><AssumeRoleResult><Credentials>/,
    )
    assert.equal(tagOf(text, 'Arn'), `arn:aws:sts::${world.accountId}:assumed-role/answers/job-1`)
    assert.match(tagOf(text, 'AssumedRoleId') ?? '', /^AROA[A-Z2-7]{17}:job-1$/)
    assert.match(tagOf(text, 'PackedPolicySize') ?? '', /^\d+$/)
    assert.equal(Date.parse(tagOf(text, 'Expiration') ?? '') - nowMs(), 3_600_000)
    const identity = (await world.client(credentialsOf(text)).identity()).body.toString()
    assert.equal(tagOf(identity, 'Arn'), tagOf(text, 'Arn'))
    assert.equal(tagOf(identity, 'UserId'), tagOf(text, 'AssumedRoleId'))
  })

  it('refuses with the codes and words of Amazon', async () => {
    const denied = (name: string, who: string) =>
      `403 AccessDenied: User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${arnOf(name)}`
    const root = `arn:aws:iam::${world.accountId}:root`
    const ask = (name: string, parameters = {}, client = world.root) =>
      stsRefusal(client, 'AssumeRole', { RoleArn: arnOf(name), RoleSessionName: 'job', ...parameters })
    assert.equal(await ask('none'), denied('none', root))
    await world.call('CreateRole', { name: 'shut', rights: ['read'], sessionSecondsMax: 1_800 })
    assert.equal(
      await ask('shut', { DurationSeconds: '3600' }),
      '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
    assert.match(
      await ask('shut', { RoleSessionName: 'a b' }),
      /^400 ValidationError: .*'roleSessionName' failed/,
    )
    assert.match(await ask('shut', { RoleArn: 'short' }), /^400 ValidationError: .*'roleArn' failed/)
    assert.match(await ask('shut', { Policy: '{' }), /^400 MalformedPolicyDocument: /)
    assert.match(
      await ask('shut', { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/X' }),
      /^400 ValidationError: .*PolicyArns/,
    )
    const paths = Array.from({ length: 28 }, (_, at) => `arn:aws:s3:::photos/${randomText(40, at)}`)
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: paths }]
    assert.match(
      await ask('shut', { Policy: JSON.stringify({ Statement }) }),
      /^400 PackedPolicyTooLarge: Packed policy consumes [1-9]\d\d% of allotted space, please use smaller policy\.$/,
    )
    await world.call('UpdateRole', { name: 'shut', status: 'Inactive' })
    assert.equal(await ask('shut'), denied('shut', root))
    const session = world.client(await takeRole(world.root, 'answers'))
    assert.equal(
      await ask('answers', {}, session),
      '403 AccessDenied: Cannot call AssumeRole with session credentials',
    )
    await world.call('CreateRole', { name: 'far', rights: ['read'], sourceNetworks: ['198.51.100.0/24'] })
    assert.equal(await ask('far'), denied('far', root))
    const own = await world.client(await takeRole(world.root, 'answers')).lightsail('GetBuckets', {})
    assert.equal(own.status, 400)
    assert.match(own.body.toString(), /AccessDeniedException/)
  })

  it('is told of in the role: the last use, by which session of which key, from where', async () => {
    const lastUsed = async () => {
      const { roles } = await world.call<{ roles: { lastUsed: object }[] }>('GetRoles', { name: 'told' })
      return roles[0]?.lastUsed
    }
    await world.call('CreateRole', { name: 'told', rights: ['read'] })
    assert.deepEqual(await lastUsed(), { region: 'N/A', serviceName: 'N/A' })
    const { accessKey } = await world.call('CreateAccessKey', { name: 'told', rights: ['read'] })
    const session = await takeRole(world.client(accessKey), 'told')
    assert.deepEqual(await lastUsed(), { region: 'N/A', serviceName: 'N/A' })
    await world
      .client(session)
      .s3({ method: 'GET', path: '/photos/a/1', headers: { 'user-agent': 'tool/1' } })
    const told = {
      lastUsedDate: Math.floor(nowMs() / 1_000),
      region: 'us-east-1',
      serviceName: 's3',
      operation: 'GetObject',
      address: '127.0.0.1',
      agent: 'tool/1',
      sessionName: 'job-1',
      accessKeyId: accessKey.accessKeyId,
    }
    assert.deepEqual(await lastUsed(), told)
    const changed = await world.call<{ role: { lastUsed: object } }>('UpdateRole', {
      name: 'told',
      rights: ['list'],
    })
    assert.deepEqual(changed.role.lastUsed, told)
  })

  it('is ended when the role or the key is switched off, ended or deleted, and comes back with neither’s name', async () => {
    await world.call('CreateRole', { name: 'ends', rights: ['read', 'list'] })
    const key = await world.withKey('ends', { rights: ['read'] })
    const read = async (session: TemporaryKey) =>
      outcomeOf(await world.client(session).s3({ method: 'GET', path: '/photos/a/1' }))
    let session = await takeRole(key, 'ends')
    assert.equal(await read(session), '200')
    await world.call('UpdateRole', { name: 'ends', status: 'Inactive' })
    assert.deepEqual(await codes(session), INVALID)
    await world.call('UpdateRole', { name: 'ends', status: 'Active' })
    assert.equal(await read(session), '200')
    await world.call('UpdateRole', { name: 'ends', endsSessions: true })
    assert.deepEqual(await codes(session), INVALID)
    const { body } = await world.client(session).s3({ method: 'GET', path: '/photos/a/1' })
    assert.match(tagOf(body.toString(), 'Message') ?? '', /the role ends had its sessions ended\.$/)
    session = await takeRole(key, 'ends')
    assert.equal(await read(session), '200')
    // In the same second, and by a clock that is behind.
    for (const behindMs of [0, 5_000]) {
      world.server.clock.advance(-behindMs)
      await world.call('UpdateRole', { name: 'ends', endsSessions: true })
      assert.deepEqual(await codes(session), INVALID)
      world.server.clock.advance(behindMs)
      session = await takeRole(key, 'ends')
      assert.equal(await read(session), '200')
    }
    await world.call('UpdateRole', { name: 'ends', rights: ['write'] })
    assert.equal(await read(session), '403 AccessDenied')
    await world.call('DeleteRole', { name: 'ends' })
    assert.deepEqual(await codes(session), INVALID)
    await world.call('CreateRole', { name: 'ends', rights: ['read'] })
    assert.deepEqual(await codes(session), INVALID)
    session = await takeRole(key, 'ends')
    await world.call('UpdateAccessKey', { name: 'ends', status: 'Inactive' })
    assert.deepEqual(await codes(session), INVALID)
  })

  it('lists the buckets that both are for, and lets clients ask for theirs', async () => {
    await world.call('CreateRole', { name: 'lists', buckets: ['photos', 'papers'], rights: ['list'] })
    const key = await world.withKey('lists', { buckets: ['papers'], rights: ['list'] })
    const names = async (client: Parameters<typeof takeSession>[0]) => {
      const { body } = await world.client(await takeRole(client, 'lists')).s3({ method: 'GET', path: '/' })
      return [...body.toString().matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name)
    }
    assert.deepEqual([await names(world.root), await names(key)], [['papers', 'photos'], ['papers']])
  })

  it('is no way around a Deny of a policy that names the key', async () => {
    await world.call('CreateRole', { name: 'around', rights: ['read'] })
    const key = await world.withKey('around', { rights: ['read'] })
    const deny = (arn: string) =>
      world.root.s3({
        method: 'PUT',
        path: '/papers?policy',
        body: Buffer.from(
          JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Deny',
                Principal: '*',
                Action: 's3:GetObject',
                Resource: 'arn:aws:s3:::papers/*',
                Condition: { StringEquals: { 'aws:PrincipalArn': arn } },
              },
            ],
          }),
        ),
      })
    const reads = async (client: Parameters<typeof takeSession>[0]) => {
      const session = world.client(await takeRole(client, 'around'))
      return outcomeOf(await session.s3({ method: 'GET', path: '/papers/x' }))
    }
    await deny(`arn:aws:iam::${world.accountId}:user/keys/around`)
    assert.deepEqual([await reads(key), await reads(world.root)], ['403 AccessDenied', '200'])
    await deny(arnOf('around'))
    assert.deepEqual([await reads(key), await reads(world.root)], ['403 AccessDenied', '403 AccessDenied'])
    await world.root.s3({ method: 'DELETE', path: '/papers?policy' })
  })

  it('may not lift what the account locked, whoever took the role', async () => {
    const put = await world.root.s3({
      method: 'PUT',
      path: '/locked',
      headers: { 'x-amz-bucket-object-lock-enabled': 'true' },
    })
    assert.equal(put.status, 200, put.body.toString())
    const setHold = (client: SignedClient, status: 'ON' | 'OFF') =>
      client.s3({
        method: 'PUT',
        path: '/locked/held?legal-hold',
        body: Buffer.from(`<LegalHold><Status>${status}</Status></LegalHold>`),
      })
    await world.root.s3({ method: 'PUT', path: '/locked/held', body: Buffer.from('x') })
    assert.equal(outcomeOf(await setHold(world.root, 'ON')), '200')
    await world.call('CreateRole', { name: 'lifts', rights: ['full'] })
    const key = await world.withKey('lifts', { rights: ['full'] })
    for (const client of [key, world.root]) {
      const session = world.client(await takeRole(client, 'lifts'))
      assert.equal(outcomeOf(await setHold(session, 'OFF')), '403 AccessDenied')
    }
  })
})

/** Text that packs badly, the same in each run. */
function randomText(length: number, seed: number): string {
  let state = seed + 1
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return String.fromCharCode(0xac00 + ((state >> 8) & 0x1fff))
  }).join('')
}
