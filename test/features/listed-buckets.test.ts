/** Which buckets ListBuckets shows to keys and roles of a policy. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { SignedClient } from '../harness/signed-client.ts'
import { KeyWorld, outcomeOf, outcomes } from './key-world.ts'
import { takeSession } from './session-world.ts'

interface Statement {
  readonly Effect?: string
  readonly Action?: string | readonly string[]
  readonly [member: string]: unknown
}

describe('ListBuckets of a key of a policy', () => {
  let world: KeyWorld
  before(async () => {
    world = await KeyWorld.start()
    await world.root.lightsail('CreateBucket', { bucketName: 'photos-2', bundleId: 'small_1_0' })
  })
  after(() => world.stop())

  let count = 0
  const policyOf = (statements: readonly Statement[]) =>
    JSON.stringify({ Statement: statements.map((one) => ({ Effect: 'Allow', Action: 's3:*', ...one })) })
  const keyOf = (statements: readonly Statement[], bounds: object = {}) =>
    world.withKey(`p-${++count}`, { policy: policyOf(statements), ...bounds })
  const listed = async (client: SignedClient) => {
    const response = await client.s3({ method: 'GET', path: '/' })
    if (response.status !== 200) return outcomeOf(response)
    return [...response.body.toString().matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name)
  }
  const arn = (path: string) => `arn:aws:s3:::${path}`
  const ALL = ['papers', 'photos', 'photos-2']

  it('has those that the policy gives it anything in, or all where it grants s3:ListAllMyBuckets', async () => {
    const get = 's3:GetObject'
    const cases: readonly (readonly [readonly Statement[], readonly string[]])[] = [
      [[{ Action: get, Resource: arn('photos/a/*') }], ['photos']],
      [[{ Action: 's3:ListBucket', Resource: arn('papers') }], ['papers']],
      [[{ Action: get, Resource: [arn('ph*/a'), arn('other/x')] }], ['photos', 'photos-2']],
      [[{ Action: get, Resource: arn('p?????/*') }], ['papers', 'photos']],
      [[{ Action: get, Resource: arn('*/logs/*') }], ALL],
      [[{ Action: get, Resource: arn('photosx/*') }], []],
      [
        [{ Action: get, NotResource: [arn('photos'), arn('photos/*'), arn('photos-2*')] }],
        ['papers', 'photos'],
      ],
      [[{ Resource: '*' }, { Effect: 'Deny', Resource: [arn('papers'), arn('papers/*')] }], ALL.slice(1)],
      [
        [
          { Action: 's3:ListAllMyBuckets', Resource: '*' },
          { Action: get, Resource: arn('photos/*') },
        ],
        ALL,
      ],
    ]
    for (const [statements, expected] of cases)
      assert.deepEqual(await listed(await keyOf(statements)), expected, JSON.stringify(statements))
    const grantedElsewhere = {
      Action: 's3:ListAllMyBuckets',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } },
    }
    const conditional = [grantedElsewhere, { Action: get, Resource: arn('papers/*') }]
    assert.deepEqual(await listed(await keyOf(conditional)), ['papers'])
    const denied = [{ Resource: '*' }, { Effect: 'Deny', Action: 's3:ListAllMyBuckets', Resource: '*' }]
    assert.equal(await listed(await keyOf(denied)), '403 AccessDenied')
  })

  it('comes by pages, each of which tells where the next begins', async () => {
    const pageOf = async (query: Readonly<Record<string, string>>) => {
      const asked = new URLSearchParams({ 'max-buckets': '1', ...query })
      const response = await world.root.s3({ method: 'GET', path: `/?${asked.toString()}` })
      const [text, status] = [response.body.toString(), response.status]
      const [name, token] = ['Name', 'ContinuationToken'].map(
        (element) => new RegExp(`<${element}>(.*?)</${element}>`).exec(text)?.[1],
      )
      return { status, name, token }
    }
    const first = await pageOf({ prefix: 'photos' })
    assert.equal(first.name, 'photos')
    assert.ok(first.token !== undefined)
    const second = await pageOf({ prefix: 'photos', 'continuation-token': first.token })
    assert.deepEqual(second, { status: 200, name: 'photos-2', token: undefined })
    assert.equal((await pageOf({ 'continuation-token': '?' })).status, 400)
  })

  it('has none that its other bounds, the role or the session’s policy leave out', async () => {
    const everything = [{ Resource: '*' }]
    assert.deepEqual(await listed(await keyOf(everything, { buckets: ['papers'] })), ['papers'])
    const ofPhotos = [{ Resource: [arn('photos*')] }]
    await world.call('CreateRole', { name: 'photos', policy: policyOf(ofPhotos) })
    const take = async (client: SignedClient, Policy?: string) =>
      world.client(
        await takeSession(client, 'AssumeRole', {
          RoleArn: `arn:aws:iam::${world.accountId}:role/photos`,
          RoleSessionName: 'job',
          ...(Policy !== undefined && { Policy }),
        }),
      )
    assert.deepEqual(await listed(await take(world.root)), ['photos', 'photos-2'])
    assert.deepEqual(await listed(await take(await keyOf([{ Resource: arn('photos/*') }]))), ['photos'])
    const narrow = policyOf([{ Resource: [arn('photos-2'), arn('papers/*')] }])
    assert.deepEqual(await listed(await take(world.root, narrow)), ['photos-2'])
  })

  it('comes with being told whether a bucket is there and where, unless the policy denies that', async () => {
    const outcomesOf = async (statements: readonly Statement[], bounds?: object) =>
      Object.values(
        await outcomes(
          await keyOf(statements, bounds),
          'HEAD /photos',
          'GET /photos?location',
          'GET /photos',
        ),
      )
    const [YES, NO] = ['200', '403 AccessDenied']
    const get = { Action: 's3:GetObject', Resource: arn('photos/a/*') }
    const deny = (Action: string) => [get, { Effect: 'Deny', Action, Resource: '*' }]
    assert.deepEqual(await outcomesOf([get]), [YES, YES, NO])
    assert.deepEqual(await outcomesOf([get], { prefixes: ['a/'] }), [YES, YES, NO])
    assert.deepEqual(await outcomesOf(deny('s3:ListBucket')), ['403', YES, NO])
    assert.deepEqual(await outcomesOf(deny('s3:GetBucketLocation')), [YES, NO, NO])
    assert.deepEqual(await outcomesOf([get], { buckets: ['papers'] }), ['403', NO, NO])
    assert.deepEqual(await outcomesOf([get], { sourceNetworks: ['203.0.113.0/24'] }), ['403', NO, NO])
  })
})
