import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { after, describe, it } from 'node:test'
import { startServer, type TestServer, type TestServerOptions } from './index.ts'

const servers: TestServer[] = []
after(async () => {
  for (const server of servers) await server.close()
})
const started = async (options?: TestServerOptions): Promise<TestServer> => {
  const server = await startServer(options)
  servers.push(server)
  return server
}

const clientOf = (server: TestServer): S3Client => new S3Client({ ...server.s3ClientOptions, maxAttempts: 1 })
const bucketsOf = async (server: TestServer): Promise<(string | undefined)[]> =>
  ((await clientOf(server).send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name)
const textOf = async (server: TestServer, Bucket: string, Key: string): Promise<string | undefined> =>
  await (await clientOf(server).send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()

describe('a server for tests', () => {
  it('that is asked for nothing listens on this machine alone, and says what clients need', async () => {
    const server = await started()
    assert.match(server.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.equal(server.accountId, '111122223333')
    const { endpoint, region, credentials } = server
    assert.equal(region, 'us-east-1')
    assert.deepEqual(server.lightsailClientOptions, { endpoint, region, credentials })
    assert.deepEqual(server.s3ClientOptions, { endpoint, region, credentials, forcePathStyle: true })
    assert.deepEqual(server.environment, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    })
    assert.ok(Math.abs(server.clock.now().getTime() - Date.now()) < 60_000)
    assert.deepEqual(await bucketsOf(server), [])
    assert.equal((await fetch(`${endpoint}/-/console/`)).ok, false)
  })

  it('is as it is asked for', async () => {
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing-secret' }
    const server = await started({
      ...{ host: '::1', accountId: '123456789012', credentials, region: 'eu-west-1', requestsKept: 2 },
      clock: { now: '2030-01-02T03:04:05Z', stopped: true },
      seed: { buckets: { photos: { objects: { a: 'text' } } } },
      settings: { bucketsPerAccountMax: 2 },
    })
    assert.match(server.endpoint, /^http:\/\/\[::1\]:\d+$/)
    assert.deepEqual(server.credentials, credentials)
    assert.deepEqual([server.accountId, server.region], ['123456789012', 'eu-west-1'])
    assert.equal(server.clock.now().toISOString(), '2030-01-02T03:04:05.000Z')
    assert.equal(await textOf(server, 'photos', 'a'), 'text')
    for (let count = 0; count < 3; count++) await bucketsOf(server)
    assert.equal(server.requests().length, 2)
    await server.createBucket('letters')
    await assert.rejects(server.createBucket('too-many'))
    await server.clock.advance('1h')
    assert.equal(server.clock.now().toISOString(), '2030-01-02T04:04:05.000Z')
    await server.clock.advanceTo('2030-01-02T05:00:00Z')
    assert.equal(server.clock.now().toISOString(), '2030-01-02T05:00:00.000Z')
  })

  it('whose clock is not stopped goes on from where it begins', async () => {
    const server = await started({ clock: { now: Date.UTC(2030, 0, 1) } })
    const begun = server.clock.now().getTime()
    assert.ok(begun >= Date.UTC(2030, 0, 1) && begun < Date.UTC(2030, 0, 1, 1))
  })

  it('goes back to its start, and to a snapshot that it gave', async () => {
    const server = await started({ seed: { buckets: { photos: {} } } })
    const put = (Body: string) =>
      clientOf(server).send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body }))
    await put('first')
    const snapshot = await server.snapshot()
    assert.ok(Math.abs(snapshot.takenAt.getTime() - server.clock.now().getTime()) < 60_000)
    await put('second')
    await server.createBucket('letters')
    await server.restore(snapshot)
    assert.equal(await textOf(server, 'photos', 'a'), 'first')
    assert.deepEqual(await bucketsOf(server), ['photos'])
    await server.reset()
    assert.deepEqual(await bucketsOf(server), ['photos'])
    await assert.rejects(textOf(server, 'photos', 'a'), { name: 'NoSuchKey' })
    await assert.rejects(server.restore({ takenAt: snapshot.takenAt }), {
      message: 'restore: expected a snapshot that this server gave',
    })
  })

  it('takes more content at any time: as an object or as a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-seed-'))
    mkdirSync(join(folder, 'from-folder'))
    writeFileSync(join(folder, 'from-folder/b.txt'), 'of a file')
    try {
      const server = await started({ seed: folder })
      assert.equal(await textOf(server, 'from-folder', 'b.txt'), 'of a file')
      await server.seed({ buckets: { photos: { objects: { a: 'text' } } } })
      const other = await started()
      await other.seed(folder)
      assert.equal(await textOf(server, 'photos', 'a'), 'text')
      assert.deepEqual(await bucketsOf(other), ['from-folder'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('lets requests go wrong, and makes keys of a bucket', async () => {
    const server = await started({ seed: { buckets: { photos: { objects: { a: 'text' } } } } })
    server.failNext({ operation: 'GetObject', code: 'SlowDown' })
    await assert.rejects(textOf(server, 'photos', 'a'), { name: 'SlowDown' })
    assert.equal(await textOf(server, 'photos', 'a'), 'text')
    const key = await server.createBucketAccessKey('photos')
    assert.notEqual(key.accessKeyId, server.credentials.accessKeyId)
    assert.equal(
      await textOf(
        { ...server, s3ClientOptions: { ...server.s3ClientOptions, credentials: key } },
        'photos',
        'a',
      ),
      'text',
    )
  })

  it('may be closed twice, and answers nobody then', async () => {
    const server = await started()
    await Promise.all([server.close(), server.close()])
    await server.close()
    await assert.rejects(fetch(server.endpoint))
  })

  it('is refused for what cannot be, with its name', async () => {
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ prot: 1 }, /^startServer has no option "prot"; it has port, host, accountId, credentials, /],
      [{ settings: { domian: 'x' } }, /^settings: there is no setting "domian"$/],
      [{ settings: { constructor: 'x' } }, /^settings: there is no setting "constructor"$/],
      [{ clock: { now: 'soon' } }, /^clock: expected a date, got soon$/],
      [{ accountId: '12' }, /accountId .*expected 12 digits/],
      [{ port: 70_000 }, /listen/],
      [{ logLevel: 'loud' }, /logLevel/],
      [{ memoryBytesMax: -1 }, /memoryBytesMax/],
    ]
    for (const [options, message] of wrong) await assert.rejects(startServer(options), { message })
  })
})
