import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { SignedClient } from '../harness/signed-client.ts'
import { KeyWorld, outcomeOf, outcomes, type ShownKey } from './key-world.ts'

let world: KeyWorld
before(async () => {
  world = await KeyWorld.start()
})
after(() => world.stop())

const make = async (name: string, bounds: object = { rights: ['read'] }) =>
  (await world.call('CreateAccessKey', { name, ...bounds })).accessKey
const reads = async (key: ShownKey) => Object.values(await outcomes(world.client(key), 'GET /photos/a/1'))[0]

describe('a policy that names an application key', () => {
  for (const [what, condition] of [
    ['by its ARN', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/keys/named*' } }],
    ['by its user id', { StringLike: { 'aws:userid': 'AIDA*' } }],
  ] as const)
    it(`${what} is a policy about it`, async () => {
      const key = await make(`named-${what.split(' ').at(-1)}`)
      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::photos/*',
            Condition: condition,
          },
        ],
      }
      const body = Buffer.from(JSON.stringify(policy))
      const set = await world.root.s3({ method: 'PUT', path: '/photos?policy', body })
      assert.equal(outcomeOf(set), '204', set.body.toString())
      assert.equal(await reads(key), '403 AccessDenied')
      assert.deepEqual(Object.values(await outcomes(world.root, 'GET /photos/a/1')), ['200'])
      await world.root.s3({ method: 'DELETE', path: '/photos?policy' })
      assert.equal(await reads(key), '200')
    })
})

describe('what is stored of an application key', () => {
  it('has no control characters, which terminals take as orders, and no halves of characters', async () => {
    const policy = (text: string) =>
      `{"Statement":[{"Sid":"${text}","Effect":"Allow","Action":"s3:GetObject",\n\t"Resource":"arn:aws:s3:::photos/*"}]}`
    for (const bounds of [
      { rights: ['read'], description: 'a\u001b]0;title\u0007' },
      { rights: ['read'], description: 'a\u009b31m' },
      { rights: ['read'], prefixes: ['a/\u001b[2J'] },
      { policy: policy('\u009b31m') },
      { rights: ['read'], prefixes: ['a/\ud83d'] },
      { rights: ['read'], description: '\udc00' },
      { policy: policy('\ud83d') },
    ])
      assert.match(
        await world.refusal('CreateAccessKey', { name: 'orders', ...bounds }),
        /Member must satisfy regular expression pattern/,
      )
    await make('no-orders', { policy: policy('é'), description: 'für 👩‍💻', prefixes: ['ü/'] })
  })
})

describe('the application keys of a bucket', () => {
  it('are those of this bucket, also by name, and not of one that had its name', async () => {
    await world.root.lightsail('CreateBucket', { bucketName: 'again', bundleId: 'small_1_0' })
    await make('of-again', { rights: ['read'], buckets: ['again', 'photos'] })
    const names = async (filter: object) => {
      const { accessKeys } = await world.call<{ accessKeys: ShownKey[] }>('GetAccessKeys', filter)
      return accessKeys.map(({ name }) => name)
    }
    const asked = { name: 'of-again', bucketName: 'again' }
    assert.deepEqual(await names(asked), ['of-again'])
    await world.root.lightsail('DeleteBucket', { bucketName: 'again', forceDelete: true })
    assert.match(await world.refusal('GetAccessKeys', asked), /NotFoundException/)
    await world.root.lightsail('CreateBucket', { bucketName: 'again', bundleId: 'small_1_0' })
    assert.deepEqual([await names(asked), await names({ bucketName: 'again' })], [[], []])
  })
})

describe('an application key that is switched off and rotated', () => {
  it('comes back with its new half alone, unless a time is given', async () => {
    const old = await make('leaked')
    await world.call('UpdateAccessKey', { name: 'leaked', status: 'Inactive' })
    const next = (await world.call('RotateAccessKey', { name: 'leaked' })).accessKey
    assert.equal(next['retiringKey'], undefined)
    await world.call('UpdateAccessKey', { name: 'leaked', status: 'Active' })
    assert.deepEqual([await reads(old), await reads(next)], ['403 InvalidAccessKeyId', '200'])
    await world.call('UpdateAccessKey', { name: 'leaked', status: 'Inactive' })
    await world.call('RotateAccessKey', { name: 'leaked', retireInSeconds: 60 })
    await world.call('UpdateAccessKey', { name: 'leaked', status: 'Active' })
    assert.equal(await reads(next), '200')
  })
})

describe('a refusal of an operation that Amazon does not have', () => {
  it('leads to no page of Amazon’s', async () => {
    const docsOf = async (client: SignedClient, operation: string): Promise<unknown> => {
      const call =
        operation === 'DeleteAccessKey'
          ? client.lugsail(operation, { name: 'none' })
          : client.lightsail(operation, { bucketName: 'none-here' })
      const { status, body } = await call
      assert.equal(status, 400, body.toString())
      return (JSON.parse(body.toString()) as { docs?: unknown }).docs
    }
    assert.equal(await docsOf(world.root, 'DeleteAccessKey'), undefined)
    assert.match(String(await docsOf(world.root, 'DeleteBucket')), /API_DeleteBucket\.html$/)
  })
})
