import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { SignedClient } from '../harness/signed-client.ts'
import { DAY_MS } from './feature-server.ts'
import { KeyWorld, type KeyPair } from './key-world.ts'
import { tryAllWays } from './ways-in.ts'

interface Use {
  readonly accessKeyId: string
  readonly day: string
  readonly address: string
  readonly agent?: string
  readonly first: number
  readonly last: number
  readonly requests: number
  readonly bytes: number
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly refusals: number
}

interface Uses {
  readonly uses: readonly Use[]
  readonly nextPageToken?: string
}

describe('GetAccessKeyUse', () => {
  let world: KeyWorld
  before(async () => {
    world = await KeyWorld.start({ 'trusted-proxies': '127.0.0.1' })
  })
  after(() => world.stop())

  const usesOf = async (input: object): Promise<readonly Use[]> =>
    (await world.call<Uses>('GetAccessKeyUse', input)).uses
  const get = (client: SignedClient, path: string, address: string, agent = 'tool/1') =>
    client.s3({ method: 'GET', path, headers: { 'x-forwarded-for': address, 'user-agent': agent } })
  const makeKey = async (name: string, bounds: object = {}) =>
    (await world.call('CreateAccessKey', { name, buckets: ['photos'], rights: ['read'], ...bounds }))
      .accessKey

  it('tells who used an application key: the address that a trusted proxy names, agent, times, bytes and refusals', async () => {
    const client = world.client(await makeKey('reader'))
    const at = Math.floor(world.server.clock.now() / 1_000)
    await get(client, '/photos/a/1', '192.0.2.1')
    await get(client, '/photos/missing', '192.0.2.1')
    await client.s3({
      method: 'PUT',
      path: '/photos/a/1',
      body: Buffer.from('12345'),
      headers: { 'x-forwarded-for': '192.0.2.2' },
    })
    const uses = await usesOf({ name: 'reader' })
    const [put, gets] = [...uses].sort((left, right) => left.requests - right.requests)
    assert.equal(uses.length, 2)
    assert.deepEqual(
      [gets?.address, gets?.agent, gets?.requests, gets?.refusals, gets?.day],
      // A missing object is no news to one who may not list: it is refused.
      ['192.0.2.1', 'tool/1', 2, 1, new Date(at * 1_000).toISOString().slice(0, 10)],
    )
    assert.deepEqual([gets?.first, gets?.last], [at, at])
    assert.ok((gets?.sentBytes ?? 0) > '/photos/a/1'.length)
    assert.equal(gets?.bytes, (gets?.sentBytes ?? 0) + (gets?.receivedBytes ?? 0))
    assert.deepEqual([put?.address, put?.requests, put?.refusals], ['192.0.2.2', 1, 1])
    assert.equal(put?.agent, undefined)
  })

  it('counts nobody who does not have the secret', async () => {
    const key = await makeKey('guessed')
    const guesser = world.client({ ...key, secretAccessKey: 'wrong' })
    await get(guesser, '/photos/a/1', '192.0.2.3')
    assert.deepEqual(await usesOf({ name: 'guessed' }), [])
    await world.call('UpdateAccessKey', { name: 'guessed', status: 'Inactive' })
    await get(guesser, '/photos/a/1', '192.0.2.3')
    assert.deepEqual(await usesOf({ name: 'guessed' }), [])
  })

  it('counts who still uses a key that is Inactive or over, through every API, as refused', async () => {
    const key = await makeKey('stopped')
    const ways = async () =>
      Object.keys(
        await tryAllWays(world.server.endpoint, key, {
          bucket: 'photos',
          key: 'a/1',
          nowMs: world.server.clock.now(),
        }),
      ).length
    await world.call('UpdateAccessKey', { name: 'stopped', status: 'Inactive' })
    const count = await ways()
    const sum = async () =>
      (await usesOf({ name: 'stopped' })).reduce(
        ([requests = 0, refusals = 0], use) => [requests + use.requests, refusals + use.refusals],
        [0, 0],
      )
    assert.deepEqual(await sum(), [count, count])
    await world.call('UpdateAccessKey', { name: 'stopped', status: 'Active', expiresInSeconds: 60 })
    await world.server.pass(61_000)
    await ways()
    assert.deepEqual(await sum(), [2 * count, 2 * count])
  })

  it('tells of keys of every kind by their ids, also when they are deleted, and of no other account’s', async () => {
    const { accessKey } = JSON.parse(
      (await world.root.lightsail('CreateBucketAccessKey', { bucketName: 'papers' })).body.toString(),
    ) as { accessKey: KeyPair }
    const { accessKeyId } = accessKey
    assert.deepEqual(await usesOf({ accessKeyId }), [])
    await get(world.client(accessKey), '/papers/x', '192.0.2.4')
    await world.root.lightsail('DeleteBucketAccessKey', { bucketName: 'papers', accessKeyId })
    assert.deepEqual(
      (await usesOf({ accessKeyId })).map(({ address, requests }) => [address, requests]),
      [['192.0.2.4', 1]],
    )
    const other = await world.server.createAccount('others')
    const otherKey = (await other.s3.config.credentials()).accessKeyId
    await other.s3.config.credentials()
    assert.match(
      await world.refusal('GetAccessKeyUse', { accessKeyId: otherKey }),
      /NotFoundException: .*the account has none of the id/,
    )
    assert.match(
      await world.refusal('GetAccessKeyUse', { name: 'nobody' }),
      /NotFoundException: .*the account has none named nobody/,
    )
    for (const input of [{}, { name: 'reader', accessKeyId }])
      assert.match(await world.refusal('GetAccessKeyUse', input), /InvalidInputException/)
  })

  it('tells of the root key, too, which signs these very calls', async () => {
    const [, rootId = ''] =
      /Credential=([^/]+)/.exec(
        String(world.root.signS3({ method: 'GET', path: '/' }).headers['authorization']),
      ) ?? []
    await usesOf({ name: 'reader' })
    const uses = await usesOf({ accessKeyId: rootId })
    assert.ok(uses.some(({ requests }) => requests > 5))
  })

  it('tells what was done since a day, and both halves of a key that is being rotated', async () => {
    const old = await makeKey('rotated')
    await get(world.client(old), '/photos/a/1', '192.0.2.5')
    await world.server.pass(DAY_MS)
    const { accessKey } = await world.call('RotateAccessKey', { name: 'rotated' })
    await get(world.client(accessKey), '/photos/a/1', '192.0.2.6')
    await get(world.client(old), '/photos/a/1', '192.0.2.5')
    const seen = (uses: readonly Use[]) =>
      uses.map((use) => [use.accessKeyId === old.accessKeyId ? 'old' : 'new', use.address]).sort()
    const all = await usesOf({ name: 'rotated' })
    assert.deepEqual(seen(all), [
      ['new', '192.0.2.6'],
      ['old', '192.0.2.5'],
      ['old', '192.0.2.5'],
    ])
    const since = Math.floor(world.server.clock.now() / 1_000) - 60
    assert.deepEqual(seen(await usesOf({ name: 'rotated', since })), [
      ['new', '192.0.2.6'],
      ['old', '192.0.2.5'],
    ])
  })

  it('has an exact last use beside it, with operation, address and agent, which Lightsail’s own does not show', async () => {
    const key = await makeKey('last')
    const client = world.client(key)
    await get(client, '/photos/a/1', '192.0.2.7', 'first/1')
    await client.s3({ method: 'HEAD', path: '/photos/a/1', headers: { 'user-agent': 'second/1' } })
    const { accessKeys } = await world.call<{ accessKeys: { lastUsed: object }[] }>('GetAccessKeys', {
      name: 'last',
    })
    assert.deepEqual(accessKeys[0]?.lastUsed, {
      lastUsedDate: Math.floor(world.server.clock.now() / 1_000),
      region: 'us-east-1',
      serviceName: 's3',
      operation: 'HeadObject',
      address: '127.0.0.1',
      agent: 'second/1',
    })
    const made = await world.root.lightsail('CreateBucketAccessKey', { bucketName: 'photos' })
    const { accessKey } = JSON.parse(made.body.toString()) as { accessKey: KeyPair }
    await get(world.client(accessKey), '/photos/a/1', '192.0.2.8')
    const shown = await world.root.lightsail('GetBucketAccessKeys', { bucketName: 'photos' })
    const { accessKeys: bucketKeys } = JSON.parse(shown.body.toString()) as {
      accessKeys: { lastUsed: object }[]
    }
    assert.deepEqual(Object.keys(bucketKeys[0]?.lastUsed ?? {}).sort(), [
      'lastUsedDate',
      'region',
      'serviceName',
    ])
  })
})
