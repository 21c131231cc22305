import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import { deleteAccount } from '../../src/service/accounts/delete-account.ts'
import { credentialKey, lastUsedKey } from '../../src/service/keyspace.ts'
import { KeyWorld, outcomeOf, outcomes, type ShownKey } from './key-world.ts'
import { tryAllWays } from './ways-in.ts'

let world: KeyWorld
before(async () => {
  world = await KeyWorld.start()
})
after(() => world.stop())

const OBJECT = '/photos/a/1'
const xml = (text: string) => Buffer.from(text)

describe('an application key’s rights', () => {
  it('are those that it has, in the buckets that it is for', async () => {
    const requests = [
      `GET ${OBJECT}`,
      'GET /photos',
      'PUT /photos/a/new',
      'DELETE /photos/a/none',
      'GET /photos?cors',
      'GET /photos?policy',
      'GET /papers/x',
    ]
    const allowed = async (...rights: string[]) => {
      const client = await world.withKey(`r-${rights.join('-')}`, { buckets: ['photos'], rights })
      return Object.values(await outcomes(client, ...requests)).map((outcome) => outcome.split(' ')[0])
    }
    const denied = '403'
    assert.deepEqual(await allowed('read'), ['200', denied, denied, denied, denied, denied, denied])
    assert.deepEqual(await allowed('list'), [denied, '200', denied, denied, denied, denied, denied])
    assert.deepEqual(await allowed('write'), [denied, denied, '200', denied, denied, denied, denied])
    assert.deepEqual(await allowed('delete'), [denied, denied, denied, '204', denied, denied, denied])
    assert.deepEqual(await allowed('read', 'list'), ['200', '200', denied, denied, denied, denied, denied])
    assert.deepEqual(await allowed('read-write'), ['200', '200', '200', '204', denied, denied, denied])
    assert.deepEqual(await allowed('full'), ['200', '200', '200', '204', '404', '404', denied])
  })

  it('let every client ask for its buckets, and find no other', async () => {
    const client = await world.withKey('asks', { buckets: ['photos'], rights: ['write'] })
    const asked = await outcomes(client, 'HEAD /photos', 'GET /photos?location', 'GET /photos?versioning')
    assert.deepEqual(Object.values(asked), ['200', '200', '200'])
    assert.deepEqual(Object.values(await outcomes(client, 'HEAD /papers')), ['403'])
    assert.equal(
      outcomeOf(await client.s3({ method: 'PUT', path: '/photos' })),
      '409 BucketAlreadyOwnedByYou',
    )
    assert.equal(outcomeOf(await client.s3({ method: 'PUT', path: '/papers' })), '403 AccessDenied')
    const buckets = async (name: string, bounds: object) => {
      const { body } = await (await world.withKey(name, bounds)).s3({ method: 'GET', path: '/' })
      return [...body.toString().matchAll(/<Name>(.*?)<\/Name>/g)].map(([, bucket]) => bucket)
    }
    assert.deepEqual(await buckets('lists-one', { buckets: ['papers'], rights: ['read'] }), ['papers'])
    assert.deepEqual(await buckets('lists-all', { rights: ['read'] }), ['papers', 'photos'])
  })

  it('do not open the bucket or unlock it, unless they are full in all of the account, and locks never', async () => {
    const requests = ['PUT /photos?policy', 'PUT /photos?acl', 'DELETE /photos?publicAccessBlock']
    const one = await world.withKey('full-of-one', { buckets: ['photos'], rights: ['full'] })
    const part = await world.withKey('full-of-part', { rights: ['full'], prefixes: ['a/'] })
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::*' }],
    })
    const byPolicy = await world.withKey('full-by-policy', { policy })
    const create = { method: 'PUT', path: '/made-by-key' }
    for (const client of [one, part, byPolicy]) {
      assert.equal(outcomeOf(await client.s3(create)), '403 AccessDenied')
      for (const outcome of Object.values(await outcomes(client, ...requests, 'DELETE /papers')))
        assert.equal(outcome, '403 AccessDenied')
    }
    const all = await world.withKey('full-of-all', { rights: ['full'] })
    assert.equal(outcomeOf(await all.s3(create)), '200')
    assert.deepEqual(
      await outcomes(all, 'PUT /made-by-key/o', 'DELETE /made-by-key/o', 'DELETE /made-by-key'),
      { 'PUT /made-by-key/o': '200', 'DELETE /made-by-key/o': '204', 'DELETE /made-by-key': '204' },
    )
    const lock =
      '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>'
    const locking = { method: 'PUT', path: '/photos?object-lock', body: xml(lock) }
    assert.equal(outcomeOf(await all.s3(locking)), '403 AccessDenied')
  })

  it('are no more than what the bucket’s policy leaves', async () => {
    const client = await world.withKey('denied', { buckets: ['papers'], rights: ['full'] })
    const denial = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::papers/*' },
      ],
    }
    const policy = { method: 'PUT', path: '/papers?policy', body: xml(JSON.stringify(denial)) }
    assert.equal(outcomeOf(await world.root.s3(policy)), '204')
    assert.deepEqual(Object.values(await outcomes(client, 'GET /papers/x')), ['403 AccessDenied'])
    await world.root.s3({ method: 'DELETE', path: '/papers?policy' })
    assert.deepEqual(Object.values(await outcomes(client, 'GET /papers/x')), ['200'])
  })

  it('do not tell which objects there are without the one to list', async () => {
    const reader = await world.withKey('reader', { buckets: ['photos'], rights: ['read'] })
    const lister = await world.withKey('lister', { buckets: ['photos'], rights: ['read', 'list'] })
    assert.deepEqual(Object.values(await outcomes(reader, 'GET /photos/none')), ['403 AccessDenied'])
    assert.deepEqual(Object.values(await outcomes(lister, 'GET /photos/none')), ['404 NoSuchKey'])
  })

  it('may be a policy, which looks at what a bucket’s policy looks at', async () => {
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::photos/*' },
        {
          Effect: 'Deny',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::*/*',
          Condition: { StringEquals: { 's3:ExistingObjectTag/class': 'secret' } },
        },
      ],
    })
    const client = await world.withKey('by-policy', { policy })
    assert.deepEqual(Object.values(await outcomes(client, `GET ${OBJECT}`, 'GET /papers/x', 'GET /photos')), [
      '200',
      '403 AccessDenied',
      '403 AccessDenied',
    ])
    const tagged = { method: 'PUT', path: '/photos/tagged', headers: { 'x-amz-tagging': 'class=secret' } }
    await world.root.s3({ ...tagged, body: xml('t') })
    assert.deepEqual(Object.values(await outcomes(client, 'GET /photos/tagged')), ['403 AccessDenied'])
  })

  it('never reach another account’s buckets', async () => {
    const roaming = await world.withKey('roaming', { rights: ['full'] })
    const { rootKey } = await createAccount(world.server.context, 'other')
    const owner = world.client(rootKey)
    assert.equal(outcomeOf(await owner.s3({ method: 'PUT', path: '/others-bucket' })), '200')
    assert.deepEqual(Object.values(await outcomes(roaming, 'GET /others-bucket', 'HEAD /others-bucket')), [
      '403 AccessDenied',
      '403',
    ])
  })
})

describe('an application key of some prefixes', () => {
  const bounds = { buckets: ['photos'], rights: ['full'], prefixes: ['a/'] }

  it('lists where the prefix that is asked for lies inside, in every listing', async () => {
    const client = await world.withKey('prefix-lists', bounds)
    for (const listing of ['list-type=2', 'versions', 'uploads', 'delimiter=%2F']) {
      const asked = await outcomes(
        client,
        `GET /photos?${listing}&prefix=a%2F`,
        `GET /photos?${listing}&prefix=a%2F1`,
        `GET /photos?${listing}&prefix=a`,
        `GET /photos?${listing}&prefix=b%2F`,
        `GET /photos?${listing}`,
      )
      assert.deepEqual(
        Object.values(asked),
        ['200', '200', '403 AccessDenied', '403 AccessDenied', '403 AccessDenied'],
        listing,
      )
    }
    assert.deepEqual(Object.values(await outcomes(client, 'HEAD /photos', 'GET /photos?location')), [
      '200',
      '200',
    ])
  })

  it('does nothing with objects elsewhere: versions, tags, ACLs, uploads, copies and batches included', async () => {
    const client = await world.withKey('prefix-objects', bounds)
    const inside = await outcomes(client, 'GET /photos/a/1', 'PUT /photos/a/3', 'GET /photos/a/1?tagging')
    assert.deepEqual(Object.values(inside), ['200', '200', '200'])
    for (const [request, outcome] of Object.entries(
      await outcomes(
        client,
        'GET /photos/b/1',
        'PUT /photos/b/2',
        'DELETE /photos/b/1',
        'GET /photos/b/1?tagging',
        'GET /photos/b/1?acl',
        'GET /photos/b/1?versionId=null',
        'GET /photos/b/1?attributes',
        'POST /photos/b/1?uploads',
        'PUT /photos/b/1?partNumber=1&uploadId=x',
        'GET /photos/b/1?uploadId=x',
        'DELETE /photos/b/1?uploadId=x',
        'PUT /photos?lifecycle',
        'GET /photos?cors',
      ),
    ))
      assert.equal(outcome, '403 AccessDenied', request)
    const copy = async (to: string, from: string) =>
      outcomeOf(
        await client.s3({
          method: 'PUT',
          path: `/photos/${to}`,
          headers: { 'x-amz-copy-source': `/photos/${from}` },
        }),
      )
    assert.equal(await copy('a/copy', 'b/1'), '403 AccessDenied')
    assert.equal(await copy('b/copy', 'a/1'), '403 AccessDenied')
    assert.equal(await copy('a/copy', 'a/1'), '200')
    const batch = xml('<Delete><Object><Key>a/copy</Key></Object><Object><Key>b/1</Key></Object></Delete>')
    const digest = createHash('md5').update(batch).digest('base64')
    const { body } = await client.s3({
      method: 'POST',
      path: '/photos?delete',
      headers: { 'content-md5': digest },
      body: batch,
    })
    assert.match(body.toString(), /<Deleted><Key>a\/copy<\/Key>/)
    assert.match(body.toString(), /<Error><Key>b\/1<\/Key><Code>AccessDenied<\/Code>/)
    assert.deepEqual(Object.values(await outcomes(world.root, 'GET /photos/b/1')), ['200'])
  })
})

describe('an application key', () => {
  it('is used from its networks alone', async () => {
    const home = await world.withKey('home', { rights: ['read'], sourceNetworks: ['127.0.0.0/8', '::1'] })
    const away = await world.withKey('away', { rights: ['read'], sourceNetworks: ['203.0.113.0/24'] })
    assert.deepEqual(Object.values(await outcomes(home, `GET ${OBJECT}`, 'GET /')), ['200', '200'])
    const refused = Object.values(await outcomes(away, `GET ${OBJECT}`, 'HEAD /photos', 'GET /'))
    assert.deepEqual(refused, ['403 AccessDenied', '403', '403 AccessDenied'])
  })

  it('that is Inactive, Expired or deleted is let in by nothing', async () => {
    const { accessKey } = await world.call('CreateAccessKey', {
      name: 'stopping',
      rights: ['full'],
      expiresInSeconds: 3_600,
    })
    const ways = async () => {
      const nowMs = world.server.clock.now()
      const all = await tryAllWays(world.server.endpoint, accessKey, { bucket: 'photos', key: 'a/1', nowMs })
      return Object.entries(all)
    }
    const letIn = (await ways()).filter(([, { status }]) => status < 300).map(([way]) => way)
    assert.deepEqual(letIn, [
      'a signed header',
      'a presigned URL',
      'a URL presigned by version 2',
      'a form',
      'STS',
    ])
    await world.call('UpdateAccessKey', { name: 'stopping', status: 'Inactive' })
    for (const [way, { status, text }] of await ways())
      assert.match(`${status} ${text}`, /^403 .*The AWS Access Key Id you provided is inactive\./s, way)
    await world.call('UpdateAccessKey', { name: 'stopping', status: 'Active' })
    world.server.clock.advance(3_600_000)
    for (const [way, { status, text }] of await ways())
      assert.match(`${status} ${text}`, /^403 .*The AWS Access Key Id you provided expired at 2/s, way)
    const shown = await world.call<{ accessKeys: ShownKey[] }>('GetAccessKeys', { status: 'Expired' })
    assert.deepEqual(
      shown.accessKeys.map(({ name }) => name),
      ['stopping'],
    )
    await world.call('UpdateAccessKey', { name: 'stopping', removes: ['expiresAt'] })
    assert.equal((await ways())[0]?.[1].status, 200)
    await world.call('DeleteAccessKey', { name: 'stopping' })
    for (const [way, { status, text }] of await ways()) {
      assert.equal(status, 403, way)
      assert.match(text, /InvalidAccessKeyId|UnrecognizedClientException|InvalidClientTokenId/, way)
    }
  })

  for (const [what, change, refusal] of [
    ['is switched off', { status: 'Inactive' }, /InvalidAccessKeyId.*is inactive/s],
    ['loses its right', { rights: ['read'] }, /AccessDenied/],
    ['loses its prefix', { prefixes: ['b/'] }, /AccessDenied/],
    ['loses its bucket', { buckets: ['papers'] }, /AccessDenied/],
  ] as const)
    it(`that ${what} while it uploads stores nothing`, async () => {
      const name = `late-${what.replaceAll(' ', '-')}`
      const { accessKey } = await world.call('CreateAccessKey', { name, rights: ['write'], prefixes: ['a/'] })
      const client = world.client(accessKey)
      const BODY = randomBytes(100_000)
      const headers = { 'content-length': String(BODY.length) }
      const path = `/photos/a/${name}`
      const upload = client.beginS3({ method: 'PUT', path, headers, body: BODY })
      await upload.write(BODY.subarray(0, 50_000))
      const { metadata } = world.server.context
      const wasUsed = async () => (await metadata.getMany([lastUsedKey(accessKey.accessKeyId)]))[0]
      while (!(await wasUsed())) await setImmediate()
      await world.call('UpdateAccessKey', { name, ...change })
      const { status, body } = await upload.end(BODY.subarray(50_000))
      assert.equal(status, 403)
      assert.match(body.toString(), refusal)
      assert.deepEqual(Object.values(await outcomes(world.root, `HEAD ${path}`)), ['404'])
    })

  it('is shown without its secret, with its last use, its bounds and its tags', async () => {
    const bounds = {
      description: 'for the reports',
      buckets: ['photos', 'papers'],
      rights: ['read', 'list'],
      prefixes: ['a/'],
      sourceNetworks: ['127.0.0.1'],
      tags: [{ key: 'team', value: 'a' }],
    }
    const expiresAt = Math.floor(world.server.clock.now() / 1000) + 1_000
    const { accessKey: made } = await world.call('CreateAccessKey', { name: 'shown', ...bounds, expiresAt })
    await outcomes(world.client(made), `GET ${OBJECT}`)
    const { accessKeys } = await world.call<{ accessKeys: ShownKey[] }>('GetAccessKeys', { name: 'shown' })
    const [{ createdAt, lastUsed, ...shown } = assert.fail('not shown')] = accessKeys
    assert.deepEqual(shown, {
      name: 'shown',
      accessKeyId: made.accessKeyId,
      status: 'Active',
      ...bounds,
      expiresAt,
    })
    assert.equal(typeof createdAt, 'number')
    assert.equal((lastUsed as { serviceName: string }).serviceName, 's3')
  })

  it('is changed member by member, and what is not named stays', async () => {
    await world.call('CreateAccessKey', {
      name: 'changing',
      buckets: ['photos'],
      rights: ['read'],
      prefixes: ['a/'],
      description: 'first',
    })
    const update = async (change: object) =>
      (await world.call('UpdateAccessKey', { name: 'changing', ...change })).accessKey
    const { prefixes, rights, description } = await update({ rights: ['list'] })
    assert.deepEqual(
      { prefixes, rights, description },
      { prefixes: ['a/'], rights: ['list'], description: 'first' },
    )
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
    })
    assert.equal((await update({ policy })).rights, undefined)
    assert.equal((await update({ rights: ['full'] }))['policy'], undefined)
    const ofBucket = async (bucketName: string) => {
      const { accessKeys } = await world.call<{ accessKeys: ShownKey[] }>('GetAccessKeys', {
        bucketName,
        namePrefix: 'chang',
      })
      return accessKeys.map(({ name }) => name)
    }
    assert.deepEqual([await ofBucket('photos'), await ofBucket('papers')], [['changing'], []])
    await update({ buckets: ['papers'] })
    assert.deepEqual([await ofBucket('photos'), await ofBucket('papers')], [[], ['changing']])
    assert.equal((await update({ removes: ['buckets', 'prefixes'] })).buckets, undefined)
    assert.deepEqual(await ofBucket('papers'), [])
  })

  it('is refused with what is wrong with it', async () => {
    await world.call('CreateAccessKey', { name: 'taken', rights: ['read'] })
    const refusedWith = async (input: object) =>
      await world.refusal('CreateAccessKey', { name: 'new', ...input })
    for (const [input, message] of [
      [
        { name: 'taken', rights: ['read'] },
        /InvalidInputException: The account has an access key named taken already/,
      ],
      [{}, /A key needs rights or a policy/],
      [{ rights: [] }, /rights must name at least one/],
      [{ rights: ['read'], policy: '{}' }, /rights and policy exclude each other/],
      [{ rights: ['own'] }, /'rights\[0\]' failed to satisfy constraint: Member must satisfy enum value set/],
      [{ rights: ['read'], buckets: [] }, /buckets must name at least one/],
      [{ rights: ['read'], buckets: ['nowhere'] }, /NotFoundException: The Bucket does not exist: nowhere/],
      [{ rights: ['read'], prefixes: [''] }, /prefixes\[0\].*length greater than or equal to 1/],
      [
        { rights: ['read'], sourceNetworks: ['10.0.0.0/33'] },
        /sourceNetworks: expected an IP address or a CIDR range, got 10.0.0.0\/33/,
      ],
      [{ rights: ['read'], expiresAt: 1 }, /expiresAt must be in the future, got 1970-01-01T00:00:01.000Z/],
      [
        { rights: ['read'], expiresAt: 9e9, expiresInSeconds: 1 },
        /expiresAt and expiresInSeconds exclude each other/,
      ],
      [
        {
          policy:
            '{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::*"}}',
        },
        /policy: The policy of a key has no Principal/,
      ],
      [
        { policy: '{"Statement":{"Effect":"Allow","Action":"s3:Nothing","Resource":"arn:aws:s3:::*"}}' },
        /policy: Policy has invalid action/,
      ],
      [{ rights: ['read'], tags: [{ key: 'aws:x', value: '' }] }, /aws:/],
      [{ name: 'no name', rights: ['read'] }, /'name' failed to satisfy constraint/],
    ] as const)
      assert.match(await refusedWith(input), message, JSON.stringify(input))
    const update = async (input: object) => await world.refusal('UpdateAccessKey', input)
    assert.match(await update({ rights: ['read'] }), /Name the key/)
    assert.match(await update({ name: 'taken' }), /Nothing is to be changed/)
    assert.match(await update({ name: 'nobody', status: 'Inactive' }), /NotFoundException.*none named nobody/)
    assert.match(
      await update({ name: 'taken', prefixes: ['a'], removes: ['prefixes'] }),
      /both given and removed/,
    )
    assert.match(
      await update({ bucketName: 'photos', accessKeyId: 'A'.repeat(20), rights: ['read'] }),
      /rights is not for a key of a bucket/,
    )
    assert.match(
      await world.refusal('DeleteAccessKey', { name: 'taken', accessKeyId: 'AKIAANOTHER' }),
      /NotFoundException/,
    )
  })

  it('looks after no keys, its own neither', async () => {
    const { accessKey } = await world.call('CreateAccessKey', { name: 'ambitious', rights: ['full'] })
    const client = world.client(accessKey)
    for (const [operation, input] of [
      ['CreateAccessKey', { name: 'child', rights: ['full'] }],
      ['UpdateAccessKey', { name: 'ambitious', removes: ['prefixes'] }],
      ['GetAccessKeys', {}],
    ] as const)
      assert.match(await world.refusal(operation, input, client), /AccessDeniedException/)
    assert.equal((await client.lightsail('GetBuckets', {})).status, 400)
    const identity = (await client.identity()).body.toString()
    assert.match(identity, new RegExp(`<Arn>arn:aws:iam::${world.accountId}:user/keys/ambitious</Arn>`))
  })

  it('never opens a later bucket of the same name', async () => {
    await world.root.lightsail('CreateBucket', { bucketName: 'passing', bundleId: 'small_1_0' })
    const client = await world.withKey('passing', { buckets: ['passing'], rights: ['full'] })
    assert.deepEqual(Object.values(await outcomes(client, 'PUT /passing/o')), ['200'])
    await world.root.lightsail('DeleteBucket', { bucketName: 'passing', forceDelete: true })
    await world.root.lightsail('CreateBucket', { bucketName: 'passing', bundleId: 'small_1_0' })
    assert.deepEqual(Object.values(await outcomes(client, 'PUT /passing/o')), ['403 AccessDenied'])
    const { accessKeys } = await world.call<{ accessKeys: ShownKey[] }>('GetAccessKeys', {
      bucketName: 'passing',
    })
    assert.deepEqual(accessKeys, [])
  })

  it('leaves its operation records with its buckets', async () => {
    await world.call('CreateAccessKey', { name: 'recorded', buckets: ['papers'], rights: ['read'] })
    const { body } = await world.root.lightsail('GetOperationsForResource', { resourceName: 'papers' })
    assert.match(
      body.toString(),
      /"operationDetails":"AKIA\w{16}: recorded","operationType":"CreateBucketAccessKey"/,
    )
  })
})

describe('an application key that is rotated', () => {
  const BOUNDS = { buckets: ['photos'], rights: ['read', 'list'], prefixes: ['a/'] }
  const make = async (name: string, more: object = {}) =>
    (await world.call('CreateAccessKey', { name, ...BOUNDS, ...more })).accessKey
  const rotate = async (name: string, retireInSeconds?: number) =>
    (await world.call('RotateAccessKey', { name, ...(retireInSeconds !== undefined && { retireInSeconds }) }))
      .accessKey
  const isTaken = async (key: ShownKey) =>
    (await outcomes(world.client(key), `GET ${OBJECT}`))[`GET ${OBJECT}`] === '200'
  const shown = async (name: string): Promise<ShownKey | undefined> =>
    (await world.call<{ accessKeys: ShownKey[] }>('GetAccessKeys', { name })).accessKeys[0]

  it('has both halves for the time of the rotation, with the same rights, and then the new one', async () => {
    const old = await make('rotated')
    const next = await rotate('rotated', 600)
    const { buckets, rights, prefixes } = next as typeof BOUNDS & ShownKey
    assert.deepEqual({ buckets, rights, prefixes }, BOUNDS)
    assert.deepEqual([await isTaken(old), await isTaken(next)], [true, true])
    const { accessKeyId, retiringKey } = (await shown('rotated')) ?? assert.fail('not shown')
    assert.equal(accessKeyId, next.accessKeyId)
    const { lastUsed, ...retiring } = retiringKey as { lastUsed: { serviceName: string } }
    assert.deepEqual(retiring, {
      accessKeyId: old.accessKeyId,
      status: 'Active',
      since: world.server.clock.now() / 1000,
      until: world.server.clock.now() / 1000 + 600,
    })
    assert.equal(lastUsed.serviceName, 's3')
    world.server.clock.advance(600_000)
    assert.deepEqual([await isTaken(old), await isTaken(next)], [false, true])
    assert.equal(((await shown('rotated'))?.['retiringKey'] as ShownKey | undefined)?.status, 'Inactive')
  })

  it('is narrowed, switched off and deleted with both halves', async () => {
    const old = await make('narrowed')
    const next = await rotate('narrowed')
    await world.call('UpdateAccessKey', { name: 'narrowed', prefixes: ['b/'] })
    assert.deepEqual([await isTaken(old), await isTaken(next)], [false, false])
    await world.call('UpdateAccessKey', { name: 'narrowed', prefixes: ['a/'] })
    assert.deepEqual([await isTaken(old), await isTaken(next)], [true, true])
    await world.call('UpdateAccessKey', { name: 'narrowed', status: 'Inactive' })
    assert.deepEqual([await isTaken(old), await isTaken(next)], [false, false])
    const third = await rotate('narrowed', 86_400)
    assert.equal(third.status, 'Inactive')
    await world.call('UpdateAccessKey', { name: 'narrowed', status: 'Active' })
    // The first one stopped when the second was rotated.
    assert.deepEqual([await isTaken(old), await isTaken(next), await isTaken(third)], [false, true, true])
    await world.call('UpdateAccessKey', { name: 'narrowed', removes: ['expiresAt'] })
    world.server.clock.advance(86_400_000)
    assert.deepEqual([await isTaken(next), await isTaken(third)], [false, true])
    await rotate('narrowed')
    await world.call('DeleteAccessKey', { name: 'narrowed' })
    assert.equal(await isTaken(third), false)
  })

  it('is taken back by deleting the new half, and ends as it was to end', async () => {
    const old = await make('taken-back', { expiresInSeconds: 7_200 })
    const next = await rotate('taken-back', 60)
    await world.call('DeleteAccessKey', { name: 'taken-back', accessKeyId: next.accessKeyId })
    world.server.clock.advance(3_600_000)
    assert.deepEqual([await isTaken(old), await isTaken(next)], [true, false])
    const { accessKeyId, expiresAt } = (await shown('taken-back')) ?? assert.fail('not shown')
    assert.deepEqual([accessKeyId, expiresAt], [old.accessKeyId, old.expiresAt])
    const again = await rotate('taken-back', 60)
    await world.call('DeleteAccessKey', { name: 'taken-back', accessKeyId: old.accessKeyId })
    assert.deepEqual([await isTaken(old), await isTaken(again)], [false, true])
    const last = await rotate('taken-back', 0)
    assert.deepEqual([await isTaken(again), await isTaken(last)], [false, true])
    assert.match(await world.refusal('RotateAccessKey', { name: 'nobody' }), /NotFoundException/)
  })

  it('has two halves at most, whoever rotates, changes and uses it at once', async () => {
    let newest = await make('busy')
    const ids = new Set([newest.accessKeyId])
    await Promise.all(
      Array.from({ length: 32 }, async (_, at) => {
        if (at % 2 === 0) {
          const key = await rotate('busy')
          ids.add(key.accessKeyId)
        } else await world.call('UpdateAccessKey', { name: 'busy', description: String(at) })
      }),
    )
    const last = await shown('busy')
    const entries = await world.server.context.metadata.getMany([...ids].map(credentialKey))
    const left = [...ids].filter((_, at) => entries[at])
    const { accessKeyId } = (last?.['retiringKey'] ?? assert.fail('not retiring')) as ShownKey
    assert.deepEqual(left.sort(), [last?.accessKeyId, accessKeyId].sort())
    newest = await rotate('busy', 0)
    assert.ok(await isTaken(newest))
  })
})

describe('an access key that is brought along', () => {
  const pair = { accessKeyId: 'minio-app', secretAccessKey: 'Zx9-secret-of-the-app' }

  it('opens what it is for under its own id', async () => {
    const { accessKey } = await world.call('ImportAccessKey', {
      name: 'app',
      ...pair,
      buckets: ['photos'],
      rights: ['read'],
    })
    assert.equal(accessKey.accessKeyId, pair.accessKeyId)
    assert.equal('secretAccessKey' in accessKey, false)
    assert.deepEqual(Object.values(await outcomes(world.client(pair), `GET ${OBJECT}`)), ['200'])
  })

  it('is refused when it can be guessed, is malformed or exists, and no message has its secret', async () => {
    for (const [change, message] of [
      [{ accessKeyId: 'ab' }, /'accessKeyId' failed to satisfy constraint: Member must have length greater/],
      [{ accessKeyId: 'a/b' }, /'accessKeyId' failed to satisfy constraint: Member must satisfy regular/],
      [
        { secretAccessKey: 'short-secret' },
        /Value null at 'secretAccessKey'.*length greater than or equal to 16/,
      ],
      [
        { secretAccessKey: 'with a space in its midst' },
        /Value null at 'secretAccessKey'.*regular expression/,
      ],
      [{ secretAccessKey: 'aaaaaaaaaaaaaaaabbbb' }, /fewer than 8 different characters/],
      [{ secretAccessKey: 'my-minio-app-is-12345' }, /has the access key id in it/],
      [{}, /There is an access key of the id minio-app already/],
    ] as const) {
      const refused = await world.refusal('ImportAccessKey', {
        name: 'app-2',
        ...pair,
        rights: ['read'],
        ...change,
      })
      assert.match(refused, message)
      assert.ok(
        !refused.includes('secretAccessKey' in change ? change.secretAccessKey : pair.secretAccessKey),
      )
    }
    const { rootKey } = await createAccount(world.server.context, 'importing')
    const stranger = world.client(rootKey)
    assert.match(
      await world.refusal('ImportAccessKey', { name: 'theirs', ...pair, rights: ['read'] }, stranger),
      /There is an access key of the id minio-app already/,
    )
  })
})

describe('the application keys of an account', () => {
  it('are shown page by page, by name, and may be as many as the setting says', async () => {
    const many = await KeyWorld.start({ 'application-keys-per-account-max': '250' })
    const names = Array.from({ length: 250 }, (_, at) => `k-${String(at).padStart(3, '0')}`)
    for (const name of names)
      await many.call('CreateAccessKey', { name, buckets: ['photos'], rights: ['read'] })
    assert.match(
      await many.refusal('CreateAccessKey', { name: 'one-more', rights: ['read'] }),
      /has 250 application keys, which is the most it may have/,
    )
    await many.call('UpdateAccessKey', { name: 'k-249', status: 'Inactive' })
    for (const filter of [{}, { bucketName: 'photos' }, { namePrefix: 'k-' }]) {
      const shown: string[] = []
      const pages: number[] = []
      let pageToken: string | undefined
      do {
        const page = await many.call<{ accessKeys: ShownKey[]; nextPageToken?: string }>('GetAccessKeys', {
          ...filter,
          ...(pageToken !== undefined && { pageToken }),
        })
        shown.push(...page.accessKeys.map(({ name }) => name))
        pages.push(page.accessKeys.length)
        pageToken = page.nextPageToken
      } while (pageToken !== undefined)
      assert.deepEqual(shown, names)
      assert.deepEqual(pages, [100, 100, 50])
    }
    const inactive = await many.call<{ accessKeys: ShownKey[] }>('GetAccessKeys', { status: 'Inactive' })
    assert.deepEqual(
      inactive.accessKeys.map(({ name }) => name),
      ['k-249'],
    )
    await many.call('DeleteAccessKey', { name: 'k-000' })
    await many.call('CreateAccessKey', { name: 'one-more', rights: ['read'] })
    assert.match(await many.refusal('GetAccessKeys', { pageToken: 'x' }), /pageToken is not valid/)
    await many.stop()
  })

  it('go with it', async () => {
    const { account, rootKey } = await createAccount(world.server.context, 'ending')
    const root = world.client(rootKey)
    const made = await root.lugsail('CreateAccessKey', { name: 'last', rights: ['full'] })
    const { accessKey } = JSON.parse(made.body.toString()) as { accessKey: ShownKey }
    assert.deepEqual(Object.values(await outcomes(world.client(accessKey), 'GET /')), ['200'])
    await deleteAccount(world.server.context, account.accountId)
    assert.deepEqual(Object.values(await outcomes(world.client(accessKey), 'GET /')), [
      '403 InvalidAccessKeyId',
    ])
  })

  it('have one name each, also when 32 writers make it at once', async () => {
    const outcomesOf = await Promise.all(
      Array.from({ length: 32 }, () =>
        world.root.lugsail('CreateAccessKey', { name: 'raced', rights: ['read'] }),
      ),
    )
    assert.deepEqual(outcomesOf.map(({ status }) => status).sort(), [200, ...Array<number>(31).fill(400)])
  })
})
