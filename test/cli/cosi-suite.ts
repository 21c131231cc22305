import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { SignedClient } from '../harness/signed-client.ts'
import type { Answered, Call, CosiWorld, RunningDriver } from './cosi-world.ts'

/** What a driver does for Kubernetes, which calls it by gRPC with the published messages: by whatever runs it. */
export function describeDriver(lab: CosiWorld): void {
  let root: SignedClient
  let driver: RunningDriver
  let v1: Call
  let v2: Call
  const clients: SignedClient[] = []
  before(async () => {
    await lab.start()
    root = new SignedClient(lab.server, lab.server.credentials)
    const seed = join(lab.folder, 'seed')
    writeFileSync(seed, `${randomBytes(32).toString('hex')}\n`)
    driver = await lab.drive(['--seed-file', seed, '--s3-endpoint', 'http://storage.example:9400'])
    v1 = driver.call('v1alpha1')
    v2 = driver.call('v1alpha2')
  })
  after(async () => {
    for (const client of [root, ...clients]) client.close()
    await lab.stop()
  })

  const S3 = { type: 'S3' }
  const KEY = { type: 'KEY' }

  /** Calls of the two services that must succeed or be refused. */
  const create = (call: Call, request: object) => call('Provisioner', 'DriverCreateBucket', request)
  const remove = (call: Call, bucket_id: string) => call('Provisioner', 'DriverDeleteBucket', { bucket_id })
  const grant = (request: object, call = v1) =>
    call('Provisioner', 'DriverGrantBucketAccess', { authentication_type: 'Key', ...request })
  const revoke = (request: object, call = v1) => call('Provisioner', 'DriverRevokeBucketAccess', request)
  /** v1alpha2: an access to buckets in one mode. */
  const access = (account_name: string, mode: string, bucketIds: readonly string[], more: object = {}) =>
    v2('Provisioner', 'DriverGrantBucketAccess', {
      account_name,
      protocol: S3,
      authentication_type: KEY,
      buckets: bucketIds.map((bucket_id) => ({ bucket_id, access_mode: { mode } })),
      ...more,
    })

  interface Secrets {
    readonly accessKeyId: string
    readonly secretAccessKey: string
  }

  /** The key of an answer of either version. */
  function keyOf(answer: Answered): Secrets {
    const { credentials } = answer as {
      readonly credentials?: {
        readonly s3?: {
          readonly secrets?: Readonly<Record<string, string>>
          readonly access_key_id?: string
          readonly access_secret_key?: string
        }
      }
    }
    const { secrets, access_key_id, access_secret_key } = credentials?.s3 ?? {}
    const accessKeyId = secrets?.['accessKeyID'] ?? access_key_id
    const secretAccessKey = secrets?.['accessSecretKey'] ?? access_secret_key
    assert.ok(accessKeyId !== undefined && secretAccessKey !== undefined, JSON.stringify(answer))
    return { accessKeyId, secretAccessKey }
  }

  /** What a key may do: the statuses of putting, getting, listing and deleting. */
  async function mayDo(key: Secrets, bucket: string, region = 'us-east-1'): Promise<string> {
    const client = new SignedClient({ endpoint: lab.server.endpoint, region }, key)
    clients.push(client)
    const statuses: number[] = []
    for (const [method, path] of [
      ['PUT', `/${bucket}/o`],
      ['GET', `/${bucket}/o`],
      ['GET', `/${bucket}`],
      ['DELETE', `/${bucket}/o`],
    ] as const)
      statuses.push(
        (await client.s3({ method, path, ...(method === 'PUT' && { body: Buffer.from('x') }) })).status,
      )
    return statuses.join(' ')
  }
  const ALL = '200 200 200 204'

  async function shown<T>(api: 'lightsail' | 'lugsail', operation: string, input: object): Promise<T> {
    const { status, body } = await root[api](operation, input)
    assert.equal(status, 200, body.toString())
    return JSON.parse(body.toString()) as T
  }
  const keysNamed = async (name: string) =>
    (
      await shown<{ accessKeys: readonly { accessKeyId: string; buckets: readonly string[] }[] }>(
        'lugsail',
        'GetAccessKeys',
        { namePrefix: name },
      )
    ).accessKeys

  describe('the driver', () => {
    it('names itself in both versions of the protocol', async () => {
      assert.deepEqual(await v1('Identity', 'DriverGetInfo', {}), { name: 'lugsail.objectstorage.k8s.io' })
      assert.deepEqual(await v2('Identity', 'DriverGetInfo', {}), {
        name: 'lugsail.objectstorage.k8s.io',
        supported_protocols: [S3],
      })
    })

    it('listens for its owner alone', () => {
      assert.equal(statSync(driver.socket).mode & 0o777, 0o600)
    })
  })

  describe('DriverCreateBucket', () => {
    it('makes a bucket as its class says', async () => {
      const parameters = { bundle: 'medium_1_0', versioning: 'enabled', tags: 'team=data, stage=prod' }
      assert.deepEqual(await create(v1, { name: 'bucket-made', parameters }), {
        bucket_id: 'bucket-made',
        bucket_info: { s3: { region: 'us-east-1', signature_version: 'S3V4' } },
      })
      const { buckets } = await shown<{ buckets: readonly Answered[] }>('lightsail', 'GetBuckets', {
        bucketName: 'bucket-made',
      })
      assert.equal(buckets[0]?.['bundleId'], 'medium_1_0')
      assert.equal(buckets[0]['objectVersioning'], 'Enabled')
      assert.deepEqual((buckets[0]['tags'] as readonly object[]).slice(0, 2), [
        { key: 'team', value: 'data' },
        { key: 'stage', value: 'prod' },
      ])
    })

    it('finds its bucket again with the same parameters, and says ALREADY_EXISTS with others', async () => {
      const first = await create(v2, {
        name: 'bc-again',
        protocols: [S3],
        parameters: { versioning: 'enabled' },
      })
      assert.deepEqual(first, {
        bucket_id: 'bc-again',
        protocols: {
          s3: {
            bucket_id: 'bc-again',
            endpoint: 'http://storage.example:9400',
            region: 'us-east-1',
            addressing_style: { style: 'PATH' },
          },
        },
      })
      assert.deepEqual(await create(v2, { name: 'bc-again', parameters: { versioning: 'enabled' } }), first)
      for (const parameters of [
        {},
        { versioning: 'enabled', bundle: 'large_1_0' },
        { versioning: 'enabled', region: 'eu-west-1' },
      ])
        assert.equal((await create(v2, { name: 'bc-again', parameters }))['status'], 'ALREADY_EXISTS')
    })

    it('goes on to find it after an administrator has changed it', async () => {
      await create(v2, { name: 'bc-changed' })
      await shown('lightsail', 'UpdateBucketBundle', { bucketName: 'bc-changed', bundleId: 'large_1_0' })
      assert.equal((await create(v2, { name: 'bc-changed' }))['bucket_id'], 'bc-changed')
    })

    it('takes no bucket that somebody else made', async () => {
      await shown('lightsail', 'CreateBucket', { bucketName: 'by-hand', bundleId: 'small_1_0' })
      assert.deepEqual(await create(v1, { name: 'by-hand' }), {
        status: 'ALREADY_EXISTS',
        why: 'The bucket by-hand is there, and was not made by this driver',
      })
    })

    it('says ALREADY_EXISTS for a name that another account has', async () => {
      const { rootKey } = await shown<{ rootKey: Secrets }>('lugsail', 'CreateAccount', {
        accountName: 'other',
      })
      const other = new SignedClient(lab.server, rootKey)
      clients.push(other)
      assert.equal(
        (await other.lightsail('CreateBucket', { bucketName: 'taken', bundleId: 'small_1_0' })).status,
        200,
      )
      assert.equal((await create(v1, { name: 'taken' }))['status'], 'ALREADY_EXISTS')
    })

    it('makes one bucket when it is called many times at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) => create(at % 2 === 0 ? v1 : v2, { name: 'at-once' })),
      )
      assert.deepEqual(new Set(answers.map((answer) => answer['bucket_id'])), new Set(['at-once']))
    })

    it('refuses what it does not know with INVALID_ARGUMENT that names it', async () => {
      const refused = async (request: object, call = v1) => {
        const { status, why } = await create(call, request)
        assert.equal(status, 'INVALID_ARGUMENT', JSON.stringify(request))
        return String(why)
      }
      for (const name of ['', 'A', 'with_underscore', 'with.dot', 'x'.repeat(55), '-a-', '../../etc'])
        assert.match(await refused({ name }), /^name: /)
      const name = 'never-made'
      assert.match(await refused({ name, parameters: { bundel: 'x' } }), /got "bundel"/)
      assert.match(await refused({ name, parameters: { bundle: 'huge' } }), /small_1_0/)
      assert.match(await refused({ name, parameters: { versioning: 'Enabled' } }), /^parameters.versioning: /)
      assert.match(await refused({ name, parameters: { forceDelete: 'yes' } }), /^parameters.forceDelete: /)
      assert.match(await refused({ name, parameters: { tags: 'team' } }), /^parameters.tags: /)
      assert.match(
        await refused({ name, parameters: { tags: 'lugsail-cosi-delete=force' } }),
        /^parameters.tags: /,
      )
      assert.match(await refused({ name, parameters: { region: 'Moon 1' } }), /^parameters.region: /)
      assert.match(
        await refused({ name, protocols: [S3, { type: 'GCS' }] }, v2),
        /^protocol: expected S3; got GCS/,
      )
      assert.equal(
        (await v2('Provisioner', 'DriverGetExistingBucket', { existing_bucket_id: name }))['status'],
        'NOT_FOUND',
      )
    })
  })

  describe('DriverGetExistingBucket', () => {
    it('finds a bucket that was made by hand, if it is as the parameters say', async () => {
      await shown('lightsail', 'CreateBucket', { bucketName: 'static', bundleId: 'small_1_0' })
      const find = (request: object) =>
        v2('Provisioner', 'DriverGetExistingBucket', { existing_bucket_id: 'static', ...request })
      assert.equal((await find({ protocols: [S3] }))['bucket_id'], 'static')
      assert.equal(
        (await find({ parameters: { bundle: 'small_1_0', versioning: 'disabled' } }))['bucket_id'],
        'static',
      )
      assert.equal((await find({ parameters: { versioning: 'enabled' } }))['status'], 'ALREADY_EXISTS')
      assert.equal((await find({ existing_bucket_id: 'none-such' }))['status'], 'NOT_FOUND')
      assert.equal((await find({ protocols: [{ type: 'AZURE' }] }))['status'], 'INVALID_ARGUMENT')
    })
  })

  describe('DriverDeleteBucket', () => {
    it('deletes a bucket that is empty, and one that is gone', async () => {
      await create(v1, { name: 'deleted' })
      for (const call of [v1, v2, v1]) assert.deepEqual(await remove(call, 'deleted'), {})
    })

    it('keeps one that holds objects, unless its class says otherwise', async () => {
      await create(v1, { name: 'full-kept' })
      await create(v2, { name: 'full-gone', parameters: { forceDelete: 'true' } })
      for (const bucket of ['full-kept', 'full-gone'])
        await root.s3({ method: 'PUT', path: `/${bucket}/o`, body: Buffer.from('x') })
      const { status, why } = await remove(v2, 'full-kept')
      assert.equal(status, 'FAILED_PRECONDITION')
      assert.match(String(why), /it holds objects/)
      assert.equal((await root.s3({ method: 'GET', path: '/full-kept/o' })).status, 200)
      assert.deepEqual(await remove(v1, 'full-gone'), {})
      assert.equal((await root.s3({ method: 'GET', path: '/full-gone/o' })).status, 404)
    })

    it('works in the region that the bucket is in', async () => {
      const { bucket_id } = await create(v1, { name: 'far', parameters: { region: 'eu-west-1' } })
      assert.equal(bucket_id, 'far.eu-west-1')
      const answer = await grant({ name: 'ba-far', bucket_id })
      const { credentials } = answer as unknown as { credentials: { s3: { secrets: { region: string } } } }
      assert.equal(credentials.s3.secrets.region, 'eu-west-1')
      assert.equal(await mayDo(keyOf(answer), 'far', 'eu-west-1'), ALL)
      assert.deepEqual(await remove(v1, 'far'), {}, 'no bucket of the name is in the driver’s own region')
      assert.deepEqual(await remove(v1, 'far.eu-west-1'), {})
      assert.equal((await root.s3({ method: 'HEAD', path: '/far' })).status, 404)
      for (const id of ['', 'a.b.c', 'x.', '.eu-west-1'])
        assert.equal((await remove(v1, id))['status'], 'INVALID_ARGUMENT', id)
    })
  })

  describe('DriverGrantBucketAccess', () => {
    before(async () => {
      for (const name of ['one', 'two', 'three'].map((each) => `grants-${each}`)) await create(v1, { name })
    })

    it('gives a key that opens the bucket and no other, with what applications need to know', async () => {
      const answer = await grant({ name: 'ba-plain', bucket_id: 'grants-one' })
      const key = keyOf(answer)
      assert.deepEqual(answer, {
        account_id: 'ba-plain',
        credentials: {
          s3: {
            secrets: {
              accessKeyID: key.accessKeyId,
              accessSecretKey: key.secretAccessKey,
              endpoint: 'http://storage.example:9400',
              region: 'us-east-1',
            },
          },
        },
      })
      assert.equal(await mayDo(key, 'grants-one'), ALL)
      assert.equal(await mayDo(key, 'grants-two'), '403 403 403 403')
    })

    it('gives keys of the rights, prefixes, networks and time of the class', async () => {
      const rights = (rights: string) =>
        grant({ name: `ba-${rights}`, bucket_id: 'grants-one', parameters: { rights } })
      assert.equal(await mayDo(keyOf(await rights('read')), 'grants-one'), '403 403 403 403')
      await root.s3({ method: 'PUT', path: '/grants-two/o', body: Buffer.from('x') })
      const readOnly = keyOf(
        await grant({ name: 'ba-ro', bucket_id: 'grants-two', parameters: { rights: 'read, list' } }),
      )
      assert.equal(await mayDo(readOnly, 'grants-two'), '403 200 200 403')
      const bounds = { prefixes: 'in/,out/', sourceNetworks: '10.0.0.0/8', expiresIn: '30d' }
      await grant({ name: 'ba-bounds', bucket_id: 'grants-one', parameters: bounds })
      const [key] = await shown<{ accessKeys: readonly Answered[] }>('lugsail', 'GetAccessKeys', {
        name: 'ba-bounds',
      }).then(({ accessKeys }) => accessKeys)
      assert.deepEqual(
        [key?.['prefixes'], key?.['sourceNetworks'], key?.['rights'], typeof key?.['expiresAt']],
        [['in/', 'out/'], ['10.0.0.0/8'], ['read-write'], 'number'],
      )
    })

    it('tells the same secret again, in both versions, and makes no second key', async () => {
      const answers = [
        await grant({ name: 'ba-again', bucket_id: 'grants-one' }),
        await grant({ name: 'ba-again', bucket_id: 'grants-one' }),
      ]
      assert.deepEqual(answers[0], answers[1])
      assert.equal((await keysNamed('ba-again')).length, 1)
      const first = await access('ba-again2', 'READ_WRITE', ['grants-one', 'grants-two'])
      assert.deepEqual(await access('ba-again2', 'READ_WRITE', ['grants-one', 'grants-two']), first)
      assert.equal(await mayDo(keyOf(first), 'grants-two'), ALL)
    })

    it('gives one key when it is called many times at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => access('ba-once', 'READ_ONLY', ['grants-one'])),
      )
      assert.equal(new Set(answers.map((answer) => keyOf(answer).secretAccessKey)).size, 1)
      assert.equal((await keysNamed('ba-once')).length, 1)
    })

    it('gives one key when two drivers are asked at once', async () => {
      const other = (await lab.drive(['--seed-file', join(lab.folder, 'seed')])).call('v1alpha1')
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          grant({ name: 'ba-drivers', bucket_id: 'grants-one' }, at % 2 === 0 ? v1 : other),
        ),
      )
      assert.equal(new Set(answers.map((answer) => keyOf(answer).secretAccessKey)).size, 1)
    })

    it('says ALREADY_EXISTS when the name was asked for otherwise, or is not the driver’s', async () => {
      await grant({ name: 'ba-other', bucket_id: 'grants-one' })
      for (const request of [
        { bucket_id: 'grants-two' },
        { bucket_id: 'grants-one', parameters: { rights: 'read' } },
        { bucket_id: 'grants-one', parameters: { expiresIn: '1d' } },
      ])
        assert.equal((await grant({ name: 'ba-other', ...request }))['status'], 'ALREADY_EXISTS')
      await shown('lugsail', 'CreateAccessKey', { name: 'by-hand', rights: ['full'] })
      assert.equal((await grant({ name: 'by-hand', bucket_id: 'grants-one' }))['status'], 'ALREADY_EXISTS')
    })

    it('leaves a key alone whose secret it cannot tell again, and says what to do', async () => {
      const key = keyOf(await grant({ name: 'ba-rotated', bucket_id: 'grants-one' }))
      await shown('lugsail', 'RotateAccessKey', { name: 'ba-rotated' })
      const { status, why } = await grant({ name: 'ba-rotated', bucket_id: 'grants-one' })
      assert.equal(status, 'FAILED_PRECONDITION')
      assert.match(String(why), /lugsail key delete ba-rotated/)
      assert.equal(await mayDo(key, 'grants-one'), ALL)
      await shown('lugsail', 'DeleteAccessKey', { name: 'ba-rotated' })
      assert.equal(
        await mayDo(keyOf(await grant({ name: 'ba-rotated', bucket_id: 'grants-one' })), 'grants-one'),
        ALL,
      )
    })

    it('gives rights by access mode, as far as the class has them', async () => {
      await root.s3({ method: 'PUT', path: '/grants-three/o', body: Buffer.from('x') })
      assert.equal(
        await mayDo(keyOf(await access('ba-m1', 'READ_ONLY', ['grants-three'])), 'grants-three'),
        '403 200 200 403',
      )
      assert.equal(
        await mayDo(keyOf(await access('ba-m2', 'WRITE_ONLY', ['grants-three'])), 'grants-three'),
        '200 403 403 403',
      )
      const noDelete = { parameters: { rights: 'read,list,write' } }
      assert.equal(
        await mayDo(keyOf(await access('ba-m3', 'READ_WRITE', ['grants-three'], noDelete)), 'grants-three'),
        '200 200 200 403',
      )
      const readOnly = { parameters: { rights: 'read,list' } }
      assert.match(
        String((await access('ba-m4', 'READ_WRITE', ['grants-three'], readOnly))['why']),
        /^access_mode: READ_WRITE needs the rights read and write/,
      )
      const { status } = await access('ba-m5', 'UNKNOWN', ['grants-three'])
      assert.equal(status, 'INVALID_ARGUMENT')
      const mixed = {
        buckets: [
          { bucket_id: 'grants-one', access_mode: { mode: 'READ_ONLY' } },
          { bucket_id: 'grants-two', access_mode: { mode: 'READ_WRITE' } },
        ],
      }
      assert.match(
        String((await access('ba-m6', '', [], mixed))['why']),
        /^access_mode: expected one for all buckets/,
      )
    })

    it('refuses service accounts, other protocols and bad input with INVALID_ARGUMENT, and missing buckets with NOT_FOUND', async () => {
      const bucket_id = 'grants-one'
      const refusals: readonly (readonly [Promise<Answered>, RegExp])[] = [
        [
          grant({ name: 'ba-x', bucket_id, authentication_type: 'IAM' }),
          /^authentication_type: expected Key; got IAM/,
        ],
        [grant({ name: 'ba-x', bucket_id, authentication_type: 0 }), /^authentication_type: /],
        [grant({ name: 'ba-x', bucket_id, authentication_type: 99 }), /^authentication_type: .* got 99/],
        [grant({ name: '', bucket_id }), /^name: /],
        [grant({ name: 'x'.repeat(129), bucket_id }), /^name: /],
        [grant({ name: 'ba-x', bucket_id: '' }), /^bucket_id: /],
        [grant({ name: 'ba-x', bucket_id, parameters: { right: 'read' } }), /got "right"/],
        [grant({ name: 'ba-x', bucket_id, parameters: { rights: 'all' } }), /^parameters.rights: /],
        [grant({ name: 'ba-x', bucket_id, parameters: { rights: '' } }), /^parameters.rights: /],
        [grant({ name: 'ba-x', bucket_id, parameters: { expiresIn: 'soon' } }), /^parameters.expiresIn: /],
        [grant({ name: 'ba-x', bucket_id, parameters: { sourceNetworks: '10.0.0.0/99' } }), /sourceNetworks/],
        [
          access('ba-x', 'READ_ONLY', [bucket_id], { authentication_type: { type: 'SERVICE_ACCOUNT' } }),
          /got SERVICE_ACCOUNT/,
        ],
        [access('ba-x', 'READ_ONLY', [bucket_id], { authentication_type: null }), /^authentication_type: /],
        [
          access('ba-x', 'READ_ONLY', [bucket_id], { protocol: { type: 'GCS' } }),
          /^protocol: expected S3; got GCS/,
        ],
        [access('ba-x', 'READ_ONLY', [bucket_id], { protocol: null }), /^protocol: /],
        [access('ba-x', 'READ_ONLY', []), /^buckets: /],
      ]
      for (const [refusal, pattern] of refusals) {
        const { status, why } = await refusal
        assert.equal(status, 'INVALID_ARGUMENT', String(pattern))
        assert.match(String(why), pattern)
      }
      assert.equal((await grant({ name: 'ba-x', bucket_id: 'none-such' }))['status'], 'NOT_FOUND')
      assert.equal((await access('ba-x', 'READ_ONLY', [bucket_id, 'none-such']))['status'], 'NOT_FOUND')
      assert.deepEqual(await keysNamed('ba-x'), [])
    })
  })

  describe('DriverRevokeBucketAccess', () => {
    before(async () => {
      for (const name of ['revokes-one', 'revokes-two']) await create(v1, { name })
    })

    it('ends the key at once, and is fine with one that is gone', async () => {
      const key = keyOf(await grant({ name: 'ba-ended', bucket_id: 'revokes-one' }))
      for (let time = 0; time < 2; time++) {
        assert.deepEqual(await revoke({ account_id: 'ba-ended', bucket_id: 'revokes-one' }), {})
        assert.equal(await mayDo(key, 'revokes-one'), '403 403 403 403')
      }
      const next = keyOf(await grant({ name: 'ba-ended', bucket_id: 'revokes-one' }))
      assert.notEqual(next.secretAccessKey, key.secretAccessKey, 'a secret that was revoked never comes back')
    })

    it('takes single buckets from an access, and ends it with the last, also when all are taken at once', async () => {
      const buckets = ['revokes-one', 'revokes-two']
      const named = (...ids: readonly string[]) => ids.map((bucket_id) => ({ bucket_id }))
      const key = keyOf(await access('ba-parts', 'READ_WRITE', buckets))
      assert.deepEqual(await revoke({ account_id: 'ba-parts', buckets: named('revokes-one') }, v2), {})
      assert.equal(await mayDo(key, 'revokes-one'), '403 403 403 403')
      assert.equal(await mayDo(key, 'revokes-two'), ALL)
      assert.deepEqual(await revoke({ account_id: 'ba-parts', buckets: named('revokes-one') }, v2), {})
      assert.equal((await keysNamed('ba-parts')).length, 1)
      await access('ba-both', 'READ_WRITE', buckets)
      await Promise.all(buckets.map((id) => revoke({ account_id: 'ba-both', buckets: named(id) }, v2)))
      assert.deepEqual(await keysNamed('ba-both'), [])
      await access('ba-whole', 'READ_WRITE', buckets)
      assert.deepEqual(await revoke({ account_id: 'ba-whole', buckets: named(...buckets) }, v2), {})
      assert.deepEqual(await keysNamed('ba-whole'), [])
    })

    it('ends the key of a bucket that was deleted before', async () => {
      await create(v1, { name: 'revokes-gone' })
      await grant({ name: 'ba-orphan', bucket_id: 'revokes-gone' })
      assert.deepEqual(await remove(v1, 'revokes-gone'), {})
      assert.deepEqual(await revoke({ account_id: 'ba-orphan', bucket_id: 'revokes-gone' }), {})
      assert.deepEqual(await keysNamed('ba-orphan'), [])
    })

    it('touches no key that it did not make', async () => {
      await shown('lugsail', 'CreateAccessKey', { name: 'not-cosi', rights: ['read'] })
      const { status } = await revoke({ account_id: 'not-cosi', bucket_id: 'revokes-one' })
      assert.equal(status, 'INVALID_ARGUMENT')
      assert.equal((await keysNamed('not-cosi')).length, 1)
    })
  })

  describe('the log', () => {
    it('tells what was done, and no secret', async () => {
      const { accessKeyId, secretAccessKey } = keyOf(
        await grant({ name: 'ba-logged', bucket_id: 'grants-one' }),
      )
      await grant({ name: 'ba-logged', bucket_id: 'none\u001b[31m' })
      const log = driver.log()
      assert.match(
        log,
        new RegExp(
          `gave an access account="ba-logged" accessKeyId="${accessKeyId}" buckets=\\["grants-one"\\]`,
        ),
      )
      assert.match(log, /refused DriverGrantBucketAccess status="INVALID_ARGUMENT"/)
      assert.doesNotMatch(log, /\u001b/)
      for (const secret of [secretAccessKey, lab.server.credentials.secretAccessKey])
        assert.ok(!log.includes(secret))
    })
  })
}
