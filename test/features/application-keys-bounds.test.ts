import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { SignedClient } from '../harness/signed-client.ts'
import { KeyWorld, outcomeOf } from './key-world.ts'

let world: KeyWorld
before(async () => {
  world = await KeyWorld.start()
})
after(() => world.stop())

const DENIED = '403 AccessDenied'
/** What requests without a body come to. */
async function asks(client: SignedClient, ...requests: readonly string[]): Promise<string[]> {
  const results: string[] = []
  for (const request of requests) {
    const [method = '', path = ''] = request.split(' ')
    results.push(outcomeOf(await client.s3({ method, path })))
  }
  return results
}

const PUBLIC = { 'x-amz-acl': 'public-read' }

describe('an application key that writes and does not read', () => {
  it('opens nothing to others that it has not stored itself', async () => {
    await world.root.lightsail('UpdateBucket', {
      bucketName: 'photos',
      accessRules: { getObject: 'private', allowPublicOverrides: true },
    })
    const writer = await world.withKey('writes-alone', { buckets: ['photos'], rights: ['write', 'list'] })
    const put = async (path: string) =>
      outcomeOf(await writer.s3({ method: 'PUT', path, headers: PUBLIC, body: Buffer.from('w') }))
    const read = async (path: string) => (await fetch(`${world.server.endpoint}${path}`)).status
    assert.deepEqual([await put('/photos/b/1?acl'), await read('/photos/b/1')], [DENIED, 403])
    assert.equal(await put('/photos/b/1?acl&versionId=null'), DENIED)
    assert.deepEqual([await put('/photos/b/public'), await read('/photos/b/public')], ['200', 200])
    const both = await world.withKey('reads-too', { buckets: ['photos'], rights: ['read', 'write'] })
    const opened = await both.s3({ method: 'PUT', path: '/photos/b/1?acl', headers: PUBLIC })
    assert.deepEqual([outcomeOf(opened), await read('/photos/b/1')], ['200', 200])
  })

  it('gives no object to another account', async () => {
    await world.root.s3({
      method: 'PUT',
      path: '/with-acls',
      headers: { 'x-amz-object-ownership': 'ObjectWriter' },
    })
    await world.root.s3({ method: 'PUT', path: '/with-acls/o', body: Buffer.from('o') })
    const writer = await world.withKey('gives', { buckets: ['with-acls'], rights: ['write'] })
    const grant = { 'x-amz-grant-full-control': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }
    const give = async (path: string) => outcomeOf(await writer.s3({ method: 'PUT', path, headers: grant }))
    assert.equal(await give('/with-acls/o?acl'), DENIED)
  })
})

describe('a Deny of an application key’s own policy', () => {
  const policyOf = (address: string) =>
    JSON.stringify({
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::*' },
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: 'arn:aws:s3:::*',
          Condition: { NotIpAddress: { 'aws:SourceIp': address } },
        },
      ],
    })
  const asked = ['HEAD /photos', 'GET /', 'PUT /papers', 'GET /photos/a/1'] as const

  it('holds for what every key may ask and for the list of buckets', async () => {
    const home = await world.withKey('denied-elsewhere', { policy: policyOf('127.0.0.0/8') })
    const away = await world.withKey('denied-here', { policy: policyOf('10.0.0.0/8') })
    assert.deepEqual(await asks(home, ...asked), ['200', '200', '409 BucketAlreadyOwnedByYou', '200'])
    assert.deepEqual(await asks(away, ...asked), ['403', DENIED, DENIED, DENIED])
  })

  it('of some buckets leaves the list, and the others', async () => {
    const policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::*' },
        { Effect: 'Deny', Action: 's3:*', Resource: ['arn:aws:s3:::papers', 'arn:aws:s3:::papers/*'] },
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: 'arn:aws:s3:::*',
          Condition: { StringEquals: { 's3:ExistingObjectTag/class': 'secret' } },
        },
      ],
    })
    const client = await world.withKey('denied-papers', { policy })
    assert.deepEqual(await asks(client, ...asked, 'HEAD /papers'), ['200', '200', DENIED, '200', '403'])
  })
})

describe('an application key away from its networks', () => {
  it('does not find out that a bucket is there by making it, nor asks whose it is', async () => {
    const away = await world.withKey('far-away', { rights: ['read'], sourceNetworks: ['203.0.113.0/24'] })
    const home = await world.withKey('at-home', { rights: ['read'], sourceNetworks: ['127.0.0.0/8'] })
    assert.deepEqual(await asks(away, 'PUT /photos', 'PUT /nobodys'), [DENIED, DENIED])
    assert.deepEqual(await asks(home, 'PUT /photos', 'PUT /nobodys'), ['409 BucketAlreadyOwnedByYou', DENIED])
    assert.equal((await home.identity()).status, 200)
    const refused = await away.identity()
    assert.equal(refused.status, 403)
    assert.match(refused.body.toString(), /<Code>AccessDenied<\/Code>/)
    assert.doesNotMatch(refused.body.toString(), new RegExp(world.accountId))
  })
})

describe('a bound of an application key', () => {
  it('that is misspelt, or null, is none: the call is refused', async () => {
    const create = { name: 'misspelt', rights: ['read'] }
    for (const [operation, input, message] of [
      [
        'CreateAccessKey',
        { ...create, prefix: ['a/'] },
        /"prefix" is no member of the input, which has name/,
      ],
      ['CreateAccessKey', { ...create, Prefixes: ['a/'] }, /"Prefixes" is no member/],
      ['CreateAccessKey', { ...create, status: 'Inactive' }, /"status" is no member/],
      ['CreateAccessKey', { ...create, buckets: null }, /buckets is null: what is not meant is left out/],
      ['CreateAccessKey', { ...create, prefixes: [null] }, /prefixes\[0\] is null/],
      ['CreateAccessKey', { ...create, tags: [{ Key: 'a' }] }, /"Key" is no member of tags\[0\]/],
      [
        'ImportAccessKey',
        { ...create, accessKeyId: 'abc', secretAccessKey: 'q1w2e3r4t5y6u7i8', expires: 1 },
        /"expires" is no member/,
      ],
      ['UpdateAccessKey', { name: 'misspelt', remove: ['buckets'] }, /"remove" is no member/],
      ['RotateAccessKey', { name: 'misspelt', retireIn: 0 }, /"retireIn" is no member/],
      ['DeleteAccessKey', { name: 'misspelt', accessKeyID: 'AKIA' }, /"accessKeyID" is no member/],
    ] as const) {
      const refused = await world.refusal(operation, input)
      assert.match(refused, /^SerializationException/)
      assert.match(refused, message)
      assert.doesNotMatch(refused, /q1w2e3r4t5y6u7i8/)
    }
    const { accessKeys } = await world.call<{ accessKeys: object[] }>('GetAccessKeys', { name: 'misspelt' })
    assert.deepEqual(accessKeys, [])
  })

  it('has no more text in all its prefixes than a policy has', async () => {
    const prefixes = (count: number) => Array.from({ length: count }, (_, at) => `${at}`.padStart(1024, '/'))
    const make = { rights: ['read'] }
    await world.call('CreateAccessKey', { name: 'six', ...make, prefixes: prefixes(6) })
    assert.match(
      await world.refusal('CreateAccessKey', { name: 'seven', ...make, prefixes: prefixes(7) }),
      /InvalidInputException: prefixes have at most 6144 characters together, got 7168/,
    )
  })
})
