import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { addResource } from '../../src/service/resources/add-resource.ts'
import { ManualClock } from '../manual-clock.ts'
import { startControlServer, type ControlServer } from './control-server.ts'
import { OwnApi } from './own-api.ts'

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey?: string
  readonly status: string
  readonly retiringKey?: Readonly<Record<string, unknown>>
  readonly [member: string]: unknown
}
interface Answer {
  readonly accessKey: Key
  readonly operations: readonly { readonly operationType: string; readonly status: string }[]
}
interface Page {
  readonly accessKeys: readonly Key[]
  readonly nextPageToken?: string
}

const START = Date.UTC(2030, 0, 1)
const START_SECONDS = START / 1_000
const DAY = 86_400
const NEVER = { region: 'N/A', serviceName: 'N/A' }
const NONE = { type: 'InvalidInputException' }

describe('access keys by Lugsail’s own API', () => {
  const servers: ControlServer[] = []
  after(async () => {
    for (const server of servers) await server.stop()
  })
  let server: ControlServer
  let clock: ManualClock
  let api: OwnApi
  let accountId: string
  beforeEach(async () => {
    clock = new ManualClock(START)
    server = await startControlServer({ clock, accountName: 'default' })
    servers.push(server)
    api = new OwnApi(server)
    ;({ accountId } = server.account.account)
    await createBucket(server.context, caller(), { bucketName: 'photos', bundleId: 'small_1_0' })
  })
  const caller = () => ({ accountId, region: 'us-east-1' })
  const newBucketKey = async (): Promise<Key & { readonly secretAccessKey: string }> => {
    const { accessKey, secretAccessKey } = await createAccessKey(server.context, caller(), 'photos')
    return { ...accessKey, secretAccessKey }
  }
  const shown = async (input = {}): Promise<readonly Key[]> =>
    (await api.call<Page>('GetAccessKeys', input)).accessKeys
  const typesOf = ({ operations }: Answer): string[] =>
    operations.map(({ operationType, status }) => `${operationType} ${status}`)
  /** Both are refused as input, with these words. */
  async function assertRefused(
    name: Parameters<OwnApi['refused']>[0],
    input: object,
    words: RegExp,
  ): Promise<void> {
    const { type, message } = await api.refused(name, { ...input })
    assert.deepEqual({ type }, NONE, message)
    assert.match(message, words)
  }

  describe('an application key', () => {
    const description = {
      description: 'uploads',
      rights: ['read', 'list'],
      buckets: ['photos'],
      prefixes: ['a/'],
      sourceNetworks: ['10.0.0.0/8'],
      tags: [{ key: 'team', value: 'a' }],
    }

    it('is shown as it was made, its secret only then', async () => {
      const made = await api.call<Answer>('CreateAccessKey', {
        name: 'app',
        ...description,
        expiresInSeconds: 90,
      })
      const { accessKeyId, secretAccessKey, ...key } = made.accessKey
      assert.match(accessKeyId, /^AKIA[A-Z2-7]{16}$/)
      assert.equal(secretAccessKey?.length, 40)
      assert.deepEqual(key, {
        ...description,
        name: 'app',
        status: 'Active',
        createdAt: START_SECONDS,
        lastUsed: NEVER,
        expiresAt: START_SECONDS + 90,
      })
      assert.deepEqual(typesOf(made), ['CreateBucketAccessKey Succeeded'])
      assert.deepEqual(await shown(), [{ accessKeyId, ...key }])
      clock.advance(90_000)
      assert.deepEqual(
        (await shown()).map(({ status }) => status),
        ['Expired'],
      )
    })

    it('of a pair that exists elsewhere has its id, and its secret is not told', async () => {
      const pair = { accessKeyId: 'minio-user', secretAccessKey: 'abcdefgh12345678' }
      const made = await api.call<Answer>('ImportAccessKey', { name: 'old', rights: ['full'], ...pair })
      assert.equal(made.accessKey.accessKeyId, pair.accessKeyId)
      assert.ok(!('secretAccessKey' in made.accessKey))
      assert.deepEqual(made.accessKey['rights'], ['full'])
      const own = new OwnApi(server, pair)
      const rights = await own.call('GetCallerRights')
      assert.deepEqual(rights, {
        accountId,
        callerType: 'application-key',
        arn: rights['arn'],
        name: 'old',
        isFirstAccount: false,
        rights: ['full'],
      })
    })

    it('is changed by name alone, and shows its last use', async () => {
      const { accessKey } = await api.call<Answer>('CreateAccessKey', { name: 'app', ...description })
      const use = {
        region: 'us-east-1',
        serviceName: 's3',
        operation: 'GetObject',
        address: '10.0.0.1',
        agent: 'x',
      }
      server.context.accessKeyUses.recordUse(
        { accessKeyId: accessKey.accessKeyId, createdAt: START },
        START,
        use,
      )
      await server.context.accessKeyUses.flush()
      const changed = await api.call<Answer>('UpdateAccessKey', {
        name: 'app',
        status: 'Inactive',
        removes: ['prefixes', 'buckets'],
      })
      assert.equal(changed.accessKey.status, 'Inactive')
      assert.ok(!('prefixes' in changed.accessKey) && !('buckets' in changed.accessKey))
      assert.deepEqual(changed.accessKey['lastUsed'], { ...use, lastUsedDate: START_SECONDS })
      assert.deepEqual(await shown(), [changed.accessKey])
      assert.deepEqual(await shown({ status: 'Active' }), [])
      await assertRefused('UpdateAccessKey', { status: 'Active' }, /^Name the key: /)
    })

    it('that is rotated shows what it was before: until when that counts, and its own last use', async () => {
      const { accessKey: first } = await api.call<Answer>('CreateAccessKey', { name: 'app', ...description })
      const use = {
        region: 'us-east-1',
        serviceName: 's3',
        operation: 'PutObject',
        address: '10.0.0.2',
        agent: 'y',
      }
      server.context.accessKeyUses.recordUse({ accessKeyId: first.accessKeyId, createdAt: START }, START, use)
      await server.context.accessKeyUses.flush()
      const rotated = await api.call<Answer>('RotateAccessKey', { name: 'app', retireWhenIdleSeconds: 120 })
      const { accessKey } = rotated
      assert.notEqual(accessKey.accessKeyId, first.accessKeyId)
      const { secretAccessKey, ...listed } = accessKey
      assert.equal(secretAccessKey?.length, 40)
      assert.notEqual(secretAccessKey, first.secretAccessKey)
      assert.deepEqual(accessKey['lastUsed'], NEVER)
      assert.deepEqual(accessKey.retiringKey, {
        accessKeyId: first.accessKeyId,
        status: 'Active',
        since: START_SECONDS,
        retireWhenIdleSeconds: 120,
        lastUsed: { ...use, lastUsedDate: START_SECONDS },
      })
      assert.deepEqual(await shown({ name: 'app' }), [listed])
      for (const { accessKeyId } of [first, accessKey])
        assert.deepEqual(await shown({ accessKeyId }), [listed])
      await assertRefused('RotateAccessKey', {}, /^Name the key: /)
      await assertRefused(
        'RotateAccessKey',
        { name: 'app', accessKeyId: 'AKIA' },
        /^accessKeyId is for a key of a bucket/,
      )
    })

    it('that is Inactive retires one that is', async () => {
      await api.call('CreateAccessKey', { name: 'app', rights: ['read'] })
      await api.call('RotateAccessKey', { name: 'app', retireInSeconds: 60 })
      const { accessKey } = await api.call<Answer>('UpdateAccessKey', { name: 'app', status: 'Inactive' })
      assert.equal(accessKey.retiringKey?.['status'], 'Inactive')
      assert.equal(accessKey.retiringKey['until'], START_SECONDS + 60)
      await api.call('UpdateAccessKey', { name: 'app', status: 'Active' })
      clock.advance(60_000)
      const [key] = await shown()
      assert.deepEqual([key?.status, key?.retiringKey?.['status']], ['Active', 'Inactive'])
    })

    it('is deleted by name', async () => {
      await api.call('CreateAccessKey', { name: 'app', ...description })
      await api.call('CreateAccessKey', { name: 'other', rights: ['read'] })
      await assertRefused('DeleteAccessKey', {}, /^Name the key: /)
      const deleted = await api.call<Answer>('DeleteAccessKey', { name: 'app' })
      assert.deepEqual(typesOf(deleted), ['DeleteBucketAccessKey Succeeded'])
      assert.deepEqual(
        (await shown()).map((key) => key['name']),
        ['other'],
      )
      assert.deepEqual(await shown({ accessKeyId: 'AKIANOBODY' }), [])
    })

    it('is shown a page at a time', async () => {
      const names = Array.from({ length: 120 }, (_, at) => `key-${String(at).padStart(3, '0')}`)
      for (const name of names) await api.call('CreateAccessKey', { name, rights: ['read'] })
      const found: unknown[] = []
      let pageToken: string | undefined
      let pages = 0
      do {
        const page: Page = await api.call<Page>('GetAccessKeys', pageToken === undefined ? {} : { pageToken })
        found.push(...page.accessKeys.map((key) => key['name']))
        pageToken = page.nextPageToken
        pages++
      } while (pageToken !== undefined)
      assert.deepEqual(found, names)
      assert.ok(pages > 1)
    })
  })

  describe('a key of a bucket', () => {
    it('is switched off and on by bucketName and accessKeyId, and nothing else of it is changed', async () => {
      const { accessKeyId } = await newBucketKey()
      const which = { bucketName: 'photos', accessKeyId }
      const off = await api.call<Answer>('UpdateAccessKey', { ...which, status: 'Inactive' })
      assert.deepEqual(off.accessKey, {
        accessKeyId,
        status: 'Inactive',
        createdAt: START_SECONDS,
        lastUsed: NEVER,
        buckets: ['photos'],
      })
      assert.equal(off.operations.length, 1)
      assert.deepEqual(await shown({ accessKeyId }), [off.accessKey])
      const on = await api.call<Answer>('UpdateAccessKey', { ...which, status: 'Active' })
      assert.deepEqual(on.accessKey, { ...off.accessKey, status: 'Active' })
      await assertRefused(
        'UpdateAccessKey',
        { ...which, status: 'Active', rights: ['read'] },
        /^rights is not for/,
      )
      await assertRefused('UpdateAccessKey', { ...which, status: 'Active', name: 'x' }, /^name is not for/)
      await assertRefused(
        'UpdateAccessKey',
        { bucketName: 'photos', status: 'Active' },
        /^accessKeyId is missing/,
      )
      await assertRefused('UpdateAccessKey', which, /^status is missing/)
    })

    it('gets a successor in the other slot, with which it is shown until it is deleted', async () => {
      const { accessKeyId } = await newBucketKey()
      const which = { bucketName: 'photos', accessKeyId }
      for (const input of [
        { bucketName: 'photos' },
        { ...which, name: 'app' },
        { bucketName: 'photos', name: 'app' },
      ]) {
        await assertRefused(
          'RotateAccessKey',
          input,
          /^A key of a bucket is named by bucketName and accessKeyId/,
        )
        await assertRefused(
          'DeleteAccessKey',
          input,
          /^A key of a bucket is named by bucketName and accessKeyId/,
        )
      }
      const { accessKey, operations } = await api.call<Answer>('RotateAccessKey', {
        ...which,
        retireInSeconds: DAY,
      })
      assert.equal(operations.length, 1)
      assert.notEqual(accessKey.accessKeyId, accessKeyId)
      assert.equal(accessKey.secretAccessKey?.length, 40)
      const { retiringKey } = accessKey
      assert.deepEqual(
        [
          retiringKey?.['accessKeyId'],
          retiringKey?.['status'],
          retiringKey?.['since'],
          retiringKey?.['until'],
        ],
        [accessKeyId, 'Active', START_SECONDS, START_SECONDS + DAY],
      )
      const [successor] = await shown({ accessKeyId: accessKey.accessKeyId })
      assert.deepEqual(successor?.retiringKey, retiringKey)
      const [before] = await shown({ accessKeyId })
      assert.deepEqual([before?.accessKeyId, before?.status], [accessKeyId, 'Active'])
      assert.deepEqual(before?.retiringKey, retiringKey)
      clock.advance(DAY * 1_000)
      const [stopped] = await shown({ accessKeyId })
      assert.deepEqual([stopped?.status, stopped?.retiringKey?.['status']], ['Inactive', 'Inactive'])
      assert.deepEqual(typesOf(await api.call<Answer>('DeleteAccessKey', which)), [
        'DeleteBucketAccessKey Succeeded',
      ])
      assert.deepEqual(await shown({ accessKeyId }), [])
    })

    it('and one of a resource or of another account are no keys that this account shows', async () => {
      const { accessKeyId, secretAccessKey } = await newBucketKey()
      const rights = await new OwnApi(server, { accessKeyId, secretAccessKey }).call('GetCallerRights')
      assert.deepEqual(rights, {
        accountId,
        callerType: 'bucket-key',
        arn: rights['arn'],
        name: 'photos',
        isFirstAccount: false,
        buckets: ['photos'],
        rights: ['full'],
      })
      const { key } = await addResource(server.context, caller(), 'web-1')
      assert.deepEqual(await shown({ accessKeyId: key.accessKeyId }), [])
      const ofResource = await new OwnApi(server, key).call('GetCallerRights')
      assert.deepEqual(
        [ofResource['callerType'], ofResource['name'], ofResource['rights'], ofResource['buckets']],
        ['resource', 'web-1', ['full'], undefined],
      )
    })
  })
})
