import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { KeyWorld, type ShownKey } from './key-world.ts'

interface Told {
  readonly access: readonly {
    readonly doing: string
    readonly outcome: string
    readonly rule: string
    readonly statement?: string
    readonly conditions?: readonly string[]
  }[]
}

describe('GetBucketAccess', () => {
  let world: KeyWorld
  before(async () => void (world = await KeyWorld.start()))
  after(() => world.stop())

  /** `allowed by key-rights`, or `depends by bucket-policy Office on aws:SourceIp`, by what may be done. */
  const told = async (input: object): Promise<Readonly<Record<string, string>>> => {
    const { access } = await world.call<Told>('GetBucketAccess', { bucketName: 'photos', ...input })
    return Object.fromEntries(
      access.map(({ doing, outcome, rule, statement, conditions }) => {
        const by = [rule, statement].filter((part) => part !== undefined).join(' ')
        return [doing, `${outcome} by ${by}${conditions ? ` on ${conditions.join()}` : ''}`]
      }),
    )
  }
  const made = async (name: string, bounds: object): Promise<ShownKey> =>
    (await world.call('CreateAccessKey', { name, ...bounds })).accessKey
  const putPolicy = async (...statements: object[]): Promise<void> => {
    const body = Buffer.from(JSON.stringify({ Version: '2012-10-17', Statement: statements }))
    assert.equal((await world.root.s3({ method: 'PUT', path: '/photos?policy', body })).status, 204)
  }
  const dropPolicy = async (): Promise<void> =>
    void (await world.root.s3({ method: 'DELETE', path: '/photos?policy' }))

  it('tells of an application key what its rights allow, and that they allow no more', async () => {
    const { accessKeyId } = await made('reader', { rights: ['read', 'list'], buckets: ['photos'] })
    assert.deepEqual(await told({ accessKeyId }), {
      read: 'allowed by key-rights',
      write: 'denied by no-grant',
      list: 'allowed by key-rights',
      delete: 'denied by no-grant',
      settings: 'denied by no-grant',
    })
    assert.equal((await told({ bucketName: 'papers', accessKeyId }))['read'], 'denied by key-buckets')
  })

  it('tells which bound keeps a key out', async () => {
    const { accessKeyId } = await made('bound', {
      rights: ['read-write'],
      prefixes: ['a/'],
      sourceNetworks: ['10.0.0.0/8'],
    })
    assert.equal(
      (await told({ accessKeyId, objectKey: 'a/1', sourceAddress: '10.0.3.7' }))['read'],
      'allowed by key-rights',
    )
    assert.equal((await told({ accessKeyId }))['read'], 'denied by key-prefixes')
    assert.equal(
      (await told({ accessKeyId, objectKey: 'a/1', sourceAddress: '192.0.2.1' }))['write'],
      'denied by key-networks',
    )
    await world.call('UpdateAccessKey', { name: 'bound', status: 'Inactive' })
    assert.equal((await told({ accessKeyId, objectKey: 'a/1' }))['read'], 'denied by key-stopped')
  })

  it('tells that it depends on the address where a key has networks and none is given', async () => {
    const { accessKeyId } = await made('office', { rights: ['read'], sourceNetworks: ['10.0.0.0/8'] })
    const access = await told({ accessKeyId })
    assert.equal(access['read'], 'depends by key-networks on aws:SourceIp')
    assert.equal(access['write'], 'denied by no-grant')
  })

  it('names the conditions that decide, and decides once they are said', async () => {
    const statement = { Principal: '*', Resource: ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*'] }
    const office = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { ...statement, Sid: 'Office', Effect: 'Allow', Action: 's3:GetObject', Condition: office },
        {
          ...statement,
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': false } },
        },
      ],
    })
    const anyone = await told({ policy })
    assert.equal(anyone['read'], 'depends by bucket-policy #2 on aws:SecureTransport,aws:SourceIp')
    assert.equal(anyone['write'], 'denied by no-grant')
    assert.equal((await told({ policy, sourceAddress: '192.0.2.1' }))['read'], 'denied by no-grant')
    const near = await told({ policy, sourceAddress: '10.0.3.7' })
    assert.equal(near['read'], 'depends by bucket-policy #2 on aws:SecureTransport')
    const { accessKeyId } = await made('any', { rights: ['read-write'] })
    // An Allow gives the owning side nothing that it has not.
    assert.equal(
      (await told({ policy, accessKeyId }))['read'],
      'depends by bucket-policy #2 on aws:SecureTransport',
    )
  })

  it('tells that a write depends on what comes with it, and a reading on the tags of the object', async () => {
    const { accessKeyId } = await made('tagged', { rights: ['read-write'] })
    const denied = (Sid: string, Action: string, Condition: object): object => ({
      ...{ Sid, Effect: 'Deny', Principal: '*', Resource: 'arn:aws:s3:::photos/*', Action, Condition },
    })
    const policy = JSON.stringify({
      Statement: [
        denied('Team', 's3:PutObject', { StringNotEquals: { 's3:RequestObjectTag/team': 'web' } }),
        denied('Sealed', 's3:PutObject', { Null: { 's3:x-amz-server-side-encryption': true } }),
        denied('Secret', 's3:GetObject', { StringEquals: { 's3:ExistingObjectTag/secret': 'yes' } }),
        denied('Past', 's3:DeleteObject', { DateLessThan: { 'aws:CurrentTime': '2001-01-01T00:00:00Z' } }),
      ],
    })
    const access = await told({ policy, accessKeyId })
    assert.equal(
      access['write'],
      'depends by bucket-policy Team on s3:RequestObjectTag/team,s3:x-amz-server-side-encryption',
    )
    assert.equal(access['read'], 'depends by bucket-policy Secret on s3:ExistingObjectTag/secret')
    assert.equal(access['delete'], 'allowed by key-rights')
  })

  it('tells what depends by a policy of the key, and what is denied or allowed whatever it depends on', async () => {
    const ofKey = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }
    const agent = { StringLike: { 'aws:UserAgent': 'rclone/*' } }
    const { accessKeyId } = await made('policed', {
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ ...ofKey, Condition: agent }] }),
    })
    assert.equal((await told({ accessKeyId }))['read'], 'depends by key-policy on aws:UserAgent')
    const everyone = { Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }
    const both = (...statements: object[]): string =>
      JSON.stringify({ Statement: statements.map((each) => ({ ...everyone, ...each })) })
    const policyOf = { Effect: 'Allow', Condition: agent }
    assert.equal(
      (await told({ policy: both(policyOf, { Effect: 'Allow', Sid: 'All' }) }))['read'],
      'allowed by bucket-policy All',
    )
    assert.equal(
      (await told({ policy: both(policyOf, { Effect: 'Deny', Sid: 'None' }) }))['read'],
      'denied by bucket-policy None',
    )
  })

  it('answers for patterns that cost more than a request may spend, where the rules refuse such a request', async () => {
    const costly = (Effect: string) => ({
      Effect,
      Principal: '*',
      Action: 's3:GetObject',
      Resource: Array.from({ length: 10 }, (_, n) => `arn:aws:s3:::photos/${'*?a'.repeat(300)}*c${n}*`),
    })
    const objectKey = 'a'.repeat(1_000)
    const { accessKeyId } = await made('whole', { rights: ['full'] })
    const asked = async (Effect: string, asker?: string) =>
      (await told({ accessKeyId: asker, objectKey, policy: JSON.stringify({ Statement: costly(Effect) }) }))[
        'read'
      ]
    assert.equal(await asked('Deny', accessKeyId), 'denied by bucket-policy')
    assert.equal(await asked('Allow', accessKeyId), 'allowed by key-rights')
    assert.equal(await asked('Allow'), 'denied by bucket-policy')
  })

  it('names the statement of the policy that denies, by its Sid or its place', async () => {
    const { accessKeyId } = await made('writer', { rights: ['read-write'] })
    const resource = 'arn:aws:s3:::photos/a/*'
    await putPolicy(
      { Sid: 'Keep', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: resource },
      { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: resource },
    )
    const within = await told({ accessKeyId, objectKey: 'a/1' })
    assert.equal(within['delete'], 'denied by bucket-policy Keep')
    assert.equal(within['write'], 'denied by bucket-policy #2')
    assert.equal(within['read'], 'allowed by key-rights')
    assert.equal((await told({ accessKeyId, objectKey: 'b/1' }))['delete'], 'allowed by key-rights')
    await dropPolicy()
  })

  it('tries a policy that is not stored, and tells what somebody without a key could do', async () => {
    assert.equal((await told({}))['read'], 'denied by no-grant')
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Sid: 'Open',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::photos/a/*',
      },
    })
    assert.equal((await told({ policy, objectKey: 'a/1' }))['read'], 'allowed by bucket-policy Open')
    assert.equal((await told({ policy, objectKey: 'b/1' }))['read'], 'denied by no-grant')
    assert.equal((await told({ objectKey: 'a/1' }))['read'], 'denied by no-grant')
    const anonymous = await fetch(`${world.server.endpoint}/photos/a/1`)
    await anonymous.arrayBuffer()
    assert.equal(anonymous.status, 403)
  })

  it('says what the server then does', async () => {
    const key = await made('tried', { rights: ['read', 'delete'], prefixes: ['a/'] })
    const client = world.client(key)
    for (const path of ['a/1', 'b/1']) {
      const access = await told({ accessKeyId: key.accessKeyId, objectKey: path })
      const requests = [
        ['read', 'GET'],
        ['write', 'PUT'],
      ] as const
      for (const [doing, method] of requests) {
        const { status } = await client.s3({ method, path: `/photos/${path}` })
        assert.equal(status === 200, access[doing]?.startsWith('allowed'), `${doing} ${path}`)
      }
    }
  })

  it('tells nothing of keys of other accounts, and says what is wrong with an address or a policy', async () => {
    assert.match(
      await world.refusal('GetBucketAccess', { bucketName: 'photos', accessKeyId: 'AKIANOBODY' }),
      /^NotFoundException: /,
    )
    assert.match(
      await world.refusal('GetBucketAccess', { bucketName: 'photos', sourceAddress: 'home' }),
      /^InvalidInputException: .*home is no IP address/,
    )
    assert.match(
      await world.refusal('GetBucketAccess', { bucketName: 'photos', policy: '{}' }),
      /^InvalidInputException: .*Missing required field/,
    )
    assert.match(await world.refusal('GetBucketAccess', { bucketName: 'nowhere' }), /^NotFoundException: /)
  })
})

describe('GetCallerRights', () => {
  let world: KeyWorld
  before(async () => void (world = await KeyWorld.start()))
  after(() => world.stop())

  it('tells each key whose it is and what bounds it has', async () => {
    const account = await world.call<Record<string, unknown>>('GetCallerRights', {})
    assert.equal(account['callerType'], 'account')
    assert.equal(account['accountId'], world.accountId)
    assert.equal(account['isFirstAccount'], false)
    assert.equal(account['rights'], undefined)
    const bounds = { buckets: ['photos'], rights: ['read'], prefixes: ['a/'] }
    const { accessKey } = await world.call('CreateAccessKey', { name: 'one', ...bounds })
    const { status, body } = await world.client(accessKey).lugsail('GetCallerRights', {})
    assert.equal(status, 200)
    assert.deepEqual(JSON.parse(body.toString()), {
      accountId: world.accountId,
      callerType: 'application-key',
      arn: `arn:aws:iam::${world.accountId}:user/keys/one`,
      isFirstAccount: false,
      name: 'one',
      ...bounds,
    })
  })
})

describe('GetBucketUsage', () => {
  let world: KeyWorld
  before(async () => void (world = await KeyWorld.start()))
  after(() => world.stop())

  it('tells what a bucket of the account holds, and of no other', async () => {
    const usage = await world.call<{ storedBytes: number; objects: number; days: object[] }>(
      'GetBucketUsage',
      {
        bucketName: 'photos',
        days: 1,
      },
    )
    assert.deepEqual([usage.storedBytes, usage.objects], [33, 3])
    assert.equal(usage.days.length, 1)
    assert.match(await world.refusal('GetBucketUsage', { bucketName: 'nowhere' }), /^NotFoundException: /)
    assert.match(
      await world.refusal('GetBucketUsage', { bucketName: 'photos', days: 367 }),
      /^InvalidInputException: /,
    )
  })
})
