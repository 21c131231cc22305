import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { lastUsedKey, retirementsRange } from '../../src/service/keyspace.ts'
import { lastUsedCodec } from '../../src/service/records/credential.ts'
import { DAY_MS } from './feature-server.ts'
import { KeyWorld, outcomeOf, type KeyPair, type ShownKey } from './key-world.ts'

interface Retiring {
  readonly accessKeyId: string
  readonly status: string
  readonly since: number
  readonly until?: number
  readonly retireWhenIdleSeconds?: number
  readonly retiredAt?: number
  readonly deletedAt?: number
}

type Shown = ShownKey & { readonly retiringKey?: Retiring }

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

describe('a rotated access key', () => {
  let world: KeyWorld
  before(async () => {
    world = await KeyWorld.start()
  })
  after(() => world.stop())

  const make = async (name: string, more: object = {}): Promise<Shown> =>
    (await world.call<{ accessKey: Shown }>('CreateAccessKey', { name, rights: ['read'], ...more })).accessKey
  const rotate = async (input: object): Promise<Shown> =>
    (await world.call<{ accessKey: Shown }>('RotateAccessKey', input)).accessKey
  const show = async (input: object): Promise<Shown | undefined> =>
    (await world.call<{ accessKeys: Shown[] }>('GetAccessKeys', input)).accessKeys[0]
  const use = async (key: KeyPair, path = '/photos/a/1') => {
    const outcome = outcomeOf(await world.client(key).s3({ method: 'GET', path }))
    if (outcome === '200') await writtenUse(key)
    return outcome
  }
  /** Uses reach the store within seconds, where the job that retires keys looks; the clock leaps over hours. */
  const writtenUse = async ({ accessKeyId }: KeyPair) => {
    const { context, clock } = world.server
    for (;;) {
      const [entry] = await context.metadata.getMany([lastUsedKey(accessKeyId)])
      const at = entry ? lastUsedCodec.decode(entry.value).lastUsedDate : 0
      if (at >= clock.now() - (clock.now() % 1_000)) return
      await setImmediate()
    }
  }
  const seconds = () => Math.floor(world.server.clock.now() / 1_000)
  const rows = async () =>
    (await world.server.context.metadata.scan({ ...retirementsRange(), limit: 100 })).length
  const bucketKey = async (bucketName: string): Promise<KeyPair> => {
    const made = await world.root.lightsail('CreateBucketAccessKey', { bucketName })
    return (JSON.parse(made.body.toString()) as { accessKey: KeyPair }).accessKey
  }
  const bucketKeys = async (bucketName: string): Promise<Record<string, string>> => {
    const { body } = await world.root.lightsail('GetBucketAccessKeys', { bucketName })
    const { accessKeys } = JSON.parse(body.toString()) as { accessKeys: ShownKey[] }
    return Object.fromEntries(accessKeys.map(({ accessKeyId, status }) => [accessKeyId, status]))
  }

  it('goes on until nobody used it for so long, is then Inactive, and later deleted', async () => {
    const old = await make('idle')
    const begun = seconds()
    const next = await rotate({ name: 'idle', retireWhenIdleSeconds: 3_600 })
    assert.deepEqual(
      [next.retiringKey?.accessKeyId, next.retiringKey?.status, next.retiringKey?.since],
      [old.accessKeyId, 'Active', begun],
    )
    assert.equal(next.retiringKey?.until, undefined)
    assert.equal(next.retiringKey?.retireWhenIdleSeconds, 3_600)
    // A use in time begins the hour anew, however long ago the rotation is.
    for (let hours = 0; hours < 3; hours++) {
      await world.server.pass(HOUR_MS - MINUTE_MS)
      assert.equal(await use(old), '200')
    }
    await world.server.pass(HOUR_MS - MINUTE_MS)
    assert.equal(await use(next), '200')
    assert.equal((await show({ name: 'idle' }))?.retiringKey?.status, 'Active')
    await world.server.pass(2 * MINUTE_MS)
    assert.equal(await use(old), '403 InvalidAccessKeyId')
    assert.equal(await use(next), '200')
    const shown = await show({ name: 'idle' })
    const { status, retiredAt = 0, deletedAt } = shown?.retiringKey ?? { status: '' }
    assert.deepEqual([shown?.status, status, retiredAt], ['Active', 'Inactive', seconds()])
    assert.equal(deletedAt, retiredAt + 30 * 86_400)
    // What was before the rotation does not come back with the key.
    await world.call('UpdateAccessKey', { name: 'idle', status: 'Active' })
    assert.equal(await use(old), '403 InvalidAccessKeyId')
    await world.server.pass(30 * DAY_MS + MINUTE_MS)
    assert.equal((await show({ name: 'idle' }))?.retiringKey, undefined)
    assert.equal(await show({ accessKeyId: old.accessKeyId }), undefined)
    assert.equal(await use(next), '200')
    assert.equal(await rows(), 0)
  })

  it('that nobody ever used retires so long after the rotation', async () => {
    await make('unused')
    await rotate({ name: 'unused', retireWhenIdleSeconds: 60 })
    await world.server.pass(30_000)
    assert.equal((await show({ name: 'unused' }))?.retiringKey?.status, 'Active')
    await world.server.pass(MINUTE_MS)
    assert.equal((await show({ name: 'unused' }))?.retiringKey?.status, 'Inactive')
  })

  it('stops at the moment that is said, to the second, and earlier when it is idle', async () => {
    const old = await make('moment')
    const until = seconds() + 100
    await rotate({ name: 'moment', retireAt: until, retireWhenIdleSeconds: 3_600 })
    world.server.clock.advance(99_000)
    assert.equal(await use(old), '200')
    world.server.clock.advance(1_000)
    assert.equal(await use(old), '403 InvalidAccessKeyId')
    // Before any background work.
    assert.equal((await show({ name: 'moment' }))?.retiringKey?.status, 'Inactive')
    assert.equal((await show({ name: 'moment' }))?.retiringKey?.until, until)
    await world.server.pass(MINUTE_MS)
    assert.ok((await show({ name: 'moment' }))?.retiringKey?.retiredAt)
    assert.match(
      await world.refusal('RotateAccessKey', { name: 'moment', retireAt: until }),
      /must be in the future/,
    )
    for (const both of [{ retireInSeconds: 5, retireAt: until + 5_000 }, { retireWhenIdleSeconds: 59 }])
      assert.match(
        await world.refusal('RotateAccessKey', { name: 'moment', ...both }),
        /InvalidInputException/,
      )
  })

  it('can be deleted alone when it has stopped, and is found by both ids', async () => {
    const old = await make('halves')
    const next = await rotate({ name: 'halves', retireInSeconds: 60 })
    for (const { accessKeyId } of [old, next])
      assert.equal((await show({ accessKeyId }))?.accessKeyId, next.accessKeyId)
    await world.server.pass(2 * MINUTE_MS)
    await world.call('DeleteAccessKey', { name: 'halves', accessKeyId: old.accessKeyId })
    assert.equal((await show({ name: 'halves' }))?.retiringKey, undefined)
    assert.equal(await use(next), '200')
  })

  it('that is taken back counts on and does not retire', async () => {
    const old = await make('back')
    const next = await rotate({ name: 'back', retireWhenIdleSeconds: 60 })
    await world.call('DeleteAccessKey', { name: 'back', accessKeyId: next.accessKeyId })
    await world.server.pass(HOUR_MS)
    assert.equal(await use(old), '200')
    assert.equal(await use(next), '403 InvalidAccessKeyId')
  })

  it('may be a bucket’s, whose successor takes the other slot', async () => {
    const old = await bucketKey('papers')
    const which = { bucketName: 'papers', accessKeyId: old.accessKeyId }
    const next = await rotate({ ...which, retireWhenIdleSeconds: 3_600 })
    assert.equal(next.secretAccessKey.length, 40)
    assert.equal(next.retiringKey?.accessKeyId, old.accessKeyId)
    for (const key of [old, next]) assert.equal(await use(key, '/papers/x'), '200')
    // The retirement is kept with the key: both ids tell of it.
    for (const { accessKeyId } of [old, next])
      assert.equal((await show({ accessKeyId }))?.retiringKey?.status, 'Active')
    assert.match(
      await world.refusal('RotateAccessKey', { bucketName: 'papers', accessKeyId: next.accessKeyId }),
      new RegExp(`two access keys.*Delete ${old.accessKeyId} first`),
    )
    assert.match(
      await world.refusal('RotateAccessKey', which),
      new RegExp(`its successor is ${next.accessKeyId}`),
    )
    await world.server.pass(HOUR_MS + MINUTE_MS)
    assert.equal(await use(old, '/papers/x'), '403 InvalidAccessKeyId')
    assert.deepEqual(await bucketKeys('papers'), {
      [old.accessKeyId]: 'Inactive',
      [next.accessKeyId]: 'Active',
    })
    // What has stopped makes place for the next one.
    const third = await rotate({ bucketName: 'papers', accessKeyId: next.accessKeyId })
    assert.deepEqual(
      Object.keys(await bucketKeys('papers')).sort(),
      [next.accessKeyId, third.accessKeyId].sort(),
    )
    await world.server.pass(DAY_MS + MINUTE_MS)
    assert.deepEqual(await bucketKeys('papers'), {
      [next.accessKeyId]: 'Inactive',
      [third.accessKeyId]: 'Active',
    })
    await world.server.pass(30 * DAY_MS + MINUTE_MS)
    assert.deepEqual(await bucketKeys('papers'), { [third.accessKeyId]: 'Active' })
    assert.equal(await use(third, '/papers/x'), '200')
  })

  it('of a bucket stays when its successor is deleted, or when it is switched on again', async () => {
    const old = await bucketKey('photos')
    const which = { bucketName: 'photos', accessKeyId: old.accessKeyId }
    const next = await rotate({ ...which, retireInSeconds: 60 })
    await world.root.lightsail('DeleteBucketAccessKey', {
      bucketName: 'photos',
      accessKeyId: next.accessKeyId,
    })
    await world.server.pass(HOUR_MS)
    assert.equal(await use(old), '200')
    assert.equal((await show({ accessKeyId: old.accessKeyId }))?.retiringKey, undefined)
    const again = await rotate({ ...which, retireInSeconds: 60 })
    await world.server.pass(HOUR_MS)
    assert.equal(await use(old), '403 InvalidAccessKeyId')
    await world.call('UpdateAccessKey', { ...which, status: 'Active' })
    await world.server.pass(40 * DAY_MS)
    assert.equal(await use(old), '200')
    // Both slots are taken, but one that stops at once leaves its own.
    assert.match(await world.refusal('RotateAccessKey', which), /two access keys/)
    const last = await rotate({ ...which, retireInSeconds: 0 })
    assert.equal(await use(old), '403 InvalidAccessKeyId')
    assert.equal(await use(last), '200')
    assert.deepEqual(
      Object.keys(await bucketKeys('photos')).sort(),
      [again.accessKeyId, last.accessKeyId].sort(),
    )
    assert.equal(await rows(), 0)
  })

  it('names one key, not two', async () => {
    for (const input of [
      {},
      { bucketName: 'photos' },
      { name: 'x', bucketName: 'photos', accessKeyId: 'AKIAX' },
      { name: 'x', accessKeyId: 'AKIAX' },
    ])
      for (const operation of ['RotateAccessKey', 'DeleteAccessKey'])
        if (operation !== 'DeleteAccessKey' || !('name' in input) || 'bucketName' in input)
          assert.match(await world.refusal(operation, input), /InvalidInputException/, JSON.stringify(input))
  })
})
