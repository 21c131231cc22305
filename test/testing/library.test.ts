import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  GetBucketAccessKeysCommand,
  GetBucketsCommand,
  LightsailClient,
  UpdateBucketBundleCommand,
} from '@aws-sdk/client-lightsail'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { startServer } from '../../src/testing/index.ts'
import type { TestServer, TestServerOptions } from '../../src/testing/types.ts'
import { sourceProgram } from '../harness/source-program.ts'
import { PATIENCE_MS, until } from '../harness/until.ts'

/** A server of the test's own, and the official client of it; nothing is tried twice. */
async function serverAndClient(
  t: { after: (end: () => Promise<void>) => void },
  options?: TestServerOptions,
) {
  const server = await startServer(options)
  const s3 = s3Of(server)
  t.after(async () => {
    s3.destroy()
    await server.close()
  })
  return { server, s3 }
}

const s3Of = (server: TestServer, credentials = server.credentials): S3Client =>
  new S3Client({ ...server.s3ClientOptions, credentials, maxAttempts: 1 })

const lightsailOf = (server: TestServer): LightsailClient =>
  new LightsailClient({ ...server.lightsailClientOptions, maxAttempts: 1 })

const textOf = async (s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> =>
  await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()

const put = (s3: S3Client, Bucket: string, Key: string, Body: string | Buffer = 'text') =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }))

const keysOf = async (s3: S3Client, Bucket: string): Promise<(string | undefined)[]> =>
  ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key)

/** Larger than what is kept in records, and digested on the thread. */
const LARGE = Buffer.alloc(3 * 1024 * 1024, 'lugsail')

describe('a server of lugsail/testing', () => {
  it('serves S3 and Lightsail to the official clients with the options that it gives them', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    await put(s3, 'photos', 'a.bin', LARGE)
    const got = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'a.bin' }))
    assert.ok(LARGE.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0)))
    const { buckets } = await lightsailOf(server).send(new GetBucketsCommand({}))
    assert.deepEqual(
      buckets?.map(({ name, bundleId }) => [name, bundleId]),
      [['photos', 'small_1_0']],
    )
  })

  it('has the account, key pair and region that are asked for', async (t) => {
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' }
    const { server, s3 } = await serverAndClient(t, {
      accountId: '123456789012',
      credentials,
      region: 'eu-central-1',
    })
    assert.equal(server.accountId, '123456789012')
    assert.deepEqual(server.credentials, credentials)
    await server.createBucket('photos')
    await put(s3, 'photos', 'a')
    const { buckets: [bucket] = [] } = await lightsailOf(server).send(new GetBucketsCommand({}))
    assert.match(bucket?.arn ?? '', /^arn:aws:lightsail:eu-central-1:123456789012:/)
  })

  it('shares nothing with others in the same process', async (t) => {
    const [one, other] = [await serverAndClient(t), await serverAndClient(t)]
    await one.server.createBucket('photos')
    await other.server.createBucket('photos')
    await put(one.s3, 'photos', 'only-here')
    assert.deepEqual(await keysOf(one.s3, 'photos'), ['only-here'])
    assert.deepEqual(await keysOf(other.s3, 'photos'), [])
    await assert.rejects(textOf(s3Of(other.server, one.server.credentials), 'photos', 'x'), {
      name: 'InvalidAccessKeyId',
    })
  })

  it('makes access keys that open their bucket alone', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    await server.createBucket('letters')
    const key = await server.createBucketAccessKey('photos')
    await put(s3Of(server, key), 'photos', 'a')
    await assert.rejects(put(s3Of(server, key), 'letters', 'a'), { name: 'AccessDenied' })
    await put(s3, 'letters', 'a')
  })

  it('refuses what would exceed its memory, and takes it once there is room', async (t) => {
    const { server, s3 } = await serverAndClient(t, { memoryBytesMax: 5 * 1024 * 1024 })
    await server.createBucket('photos')
    await put(s3, 'photos', 'a', LARGE)
    await assert.rejects(put(s3, 'photos', 'b', LARGE), {
      name: 'InsufficientStorage',
      message: /memory of the server is full/,
    })
    assert.deepEqual(await keysOf(s3, 'photos'), ['a'])
    await s3.send(new DeleteObjectCommand({ Bucket: 'photos', Key: 'a' }))
    await server.clock.advance('1h')
    await put(s3, 'photos', 'b', LARGE)
  })

  it('names an option, a setting or a date that is wrong', async () => {
    await assert.rejects(startServer({ prot: 1 } as TestServerOptions), /no option "prot"/)
    await assert.rejects(startServer({ settings: { domian: 'x' } }), /no setting "domian"/)
    await assert.rejects(startServer({ settings: { domain: '#' } }), /domain.*expected a DNS name/)
    await assert.rejects(startServer({ clock: { now: 'soon' } }), /clock: expected a date, got soon/)
    await assert.rejects(startServer({ accountId: '12' }), /accountId .*expected 12 digits/)
    await assert.rejects(startServer({ region: 'eu-nowhere-1' }), /region.*expected one of/)
    await assert.rejects(
      startServer({ credentials: { accessKeyId: 'a b', secretAccessKey: 'secret' } }),
      /rootAccessKeyId .*expected/,
    )
  })

  it('ends with its test: the process needs no close', () => {
    const { stdout, status } = spawnSync(process.execPath, sourceProgram('test/testing/unclosed-server.ts'), {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    assert.deepEqual({ stdout, status }, { stdout: 'over\n', status: 0 })
  })
})

describe('going back', () => {
  it('to the start is what reset does: of buckets, objects, keys and requests nothing is left', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    const key = await server.createBucketAccessKey('photos')
    await put(s3, 'photos', 'a', LARGE)
    await server.reset()
    assert.deepEqual(server.requests(), [])
    await assert.rejects(put(s3, 'photos', 'a'), { name: 'NoSuchBucket' })
    await server.createBucket('photos')
    await assert.rejects(put(s3Of(server, key), 'photos', 'a'), { name: 'InvalidAccessKeyId' })
    assert.deepEqual(await keysOf(s3, 'photos'), [])
  })

  it('to a snapshot brings back what was deleted, as often as one likes', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    await put(s3, 'photos', 'small', 'first')
    await put(s3, 'photos', 'large', LARGE)
    const snapshot = await server.snapshot()
    for (let round = 0; round < 2; round++) {
      await put(s3, 'photos', 'small', 'second')
      await s3.send(new DeleteObjectCommand({ Bucket: 'photos', Key: 'large' }))
      // Bytes of deleted objects are really removed meanwhile.
      await server.clock.advance('1h')
      await server.restore(snapshot)
      assert.equal(await textOf(s3, 'photos', 'small'), 'first')
      assert.equal((await textOf(s3, 'photos', 'large'))?.length, LARGE.length)
    }
  })

  it('of another server is refused', async (t) => {
    const [one, other] = [await serverAndClient(t), await serverAndClient(t)]
    await assert.rejects(
      one.server.restore(await other.server.snapshot()),
      /a snapshot that this server gave/,
    )
  })

  it('changes nothing for a request that is under way, and that request changes nothing afterwards', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    const snapshot = await server.snapshot()
    server.failNext({ operation: 'PutObject', delay: 300 })
    const slow = put(s3, 'photos', 'late')
    await until(() => server.requests().length > 0)
    await server.restore(snapshot)
    await slow
    assert.deepEqual(await keysOf(s3, 'photos'), [])
  })
})

describe('the clock of a server in a test', () => {
  it('lets objects expire by their bucket’s lifecycle', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: 'photos',
        LifecycleConfiguration: {
          Rules: [{ Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } }],
        },
      }),
    )
    await put(s3, 'photos', 'tmp/a')
    await put(s3, 'photos', 'kept')
    await server.clock.advance({ days: 6 })
    assert.deepEqual(await keysOf(s3, 'photos'), ['kept', 'tmp/a'])
    await server.clock.advance({ days: 2 })
    assert.deepEqual(await keysOf(s3, 'photos'), ['kept'])
  })

  it('lets presigned URLs run out, while clients that sign by the machine’s clock go on', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    await put(s3, 'photos', 'a')
    const url =
      server.endpoint +
      presignRequest({
        method: 'GET',
        url: '/photos/a',
        headers: { host: new URL(server.endpoint).host },
        credentials: server.credentials,
        region: server.region,
        nowMs: Date.now(),
        expiresSeconds: 600,
      })
    assert.equal((await fetch(url)).status, 200)
    await server.clock.advance('11m')
    const late = await fetch(url)
    assert.deepEqual(
      [late.status, /<Message>(.*?)</.exec(await late.text())?.[1]],
      [403, 'Request has expired'],
    )
    await server.clock.advance('400d')
    // A client that has not heard from the server yet.
    await put(s3Of(server), 'photos', 'b')
    await lightsailOf(server).send(new GetBucketsCommand({}))
  })

  it('is what dates of objects and last uses of keys are told by', async (t) => {
    const { server } = await serverAndClient(t, { clock: { now: '2031-05-06T07:08:09Z', stopped: true } })
    await server.createBucket('photos')
    const key = await server.createBucketAccessKey('photos')
    await server.clock.advance('36h')
    await put(s3Of(server, key), 'photos', 'a')
    const head = await s3Of(server).send(new HeadObjectCommand({ Bucket: 'photos', Key: 'a' }))
    assert.equal(head.LastModified?.toISOString(), '2031-05-07T19:08:09.000Z')
    const { accessKeys } = await lightsailOf(server).send(
      new GetBucketAccessKeysCommand({ bucketName: 'photos' }),
    )
    assert.deepEqual(
      accessKeys?.map(({ createdAt, lastUsed }) => [createdAt, lastUsed?.lastUsedDate]),
      [[new Date('2031-05-06T07:08:09Z'), new Date('2031-05-07T19:08:09Z')]],
    )
  })

  it('lets a bucket change its bundle again in the next month', async (t) => {
    const { server } = await serverAndClient(t, { clock: { now: '2031-05-06T00:00:00Z' } })
    await server.createBucket('photos')
    const change = (bundleId: string) =>
      lightsailOf(server).send(new UpdateBucketBundleCommand({ bucketName: 'photos', bundleId }))
    await change('medium_1_0')
    await assert.rejects(change('large_1_0'), { name: 'InvalidInputException' })
    await server.clock.advanceTo('2031-06-01')
    await change('large_1_0')
  })

  it('goes on only, and back with a snapshot', async (t) => {
    const { server } = await serverAndClient(t, { clock: { now: '2031-05-06T00:00:00Z', stopped: true } })
    const snapshot = await server.snapshot()
    await server.clock.advance('2d')
    assert.equal(server.clock.now().toISOString(), '2031-05-08T00:00:00.000Z')
    await assert.rejects(server.clock.advanceTo('2031-05-07'), /goes on only/)
    await assert.rejects(server.clock.advance('2 days'), /expected milliseconds, a text such as "30d"/)
    await assert.rejects(server.clock.advance({ weeks: 1 } as object), /no unit "weeks"/)
    await assert.rejects(server.clock.advance(-1), /none of it negative/)
    await server.restore(snapshot)
    assert.equal(server.clock.now().toISOString(), '2031-05-06T00:00:00.000Z')
  })
})

describe('faults', () => {
  it('come as errors of the API, so often as they are asked for, and nothing is done', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    server.failNext({ operation: 'PutObject', code: 'SlowDown', times: 2 })
    for (let round = 0; round < 2; round++)
      await assert.rejects(put(s3, 'photos', 'a'), (error: { name: string; $metadata: object }) => {
        assert.equal(error.name, 'SlowDown')
        assert.equal('httpStatusCode' in error.$metadata && error.$metadata.httpStatusCode, 503)
        return true
      })
    assert.deepEqual(await keysOf(s3, 'photos'), [])
    await put(s3, 'photos', 'a')
  })

  it('hit the API, the bucket and the object that they name, and no other', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    server.failNext({ service: 'lightsail', code: 'ServiceException' })
    server.failNext({ operation: 'PutObject', objectKey: 'b', code: 'InternalError' })
    await put(s3, 'photos', 'a')
    await assert.rejects(put(s3, 'photos', 'b'), { name: 'InternalError' })
    await assert.rejects(lightsailOf(server).send(new GetBucketsCommand({})), { name: 'ServiceException' })
    await lightsailOf(server).send(new GetBucketsCommand({}))
  })

  it('cut a body, cut a connection, and give other bytes than were stored', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    await put(s3, 'photos', 'a', 'the whole text')
    server.failNext({ operation: 'GetObject', code: 'CutBody' })
    await assert.rejects(textOf(s3, 'photos', 'a'), /aborted/)
    server.failNext({ operation: 'GetObject', code: 'CutConnection' })
    await assert.rejects(textOf(s3, 'photos', 'a'), /socket hang up|ECONNRESET/)
    server.failNext({ operation: 'GetObject', code: 'WrongChecksum' })
    await assert.rejects(textOf(s3, 'photos', 'a'), /Checksum mismatch/)
    assert.equal(await textOf(s3, 'photos', 'a'), 'the whole text')
  })

  it('that cut the response leave done what was asked for; those that cut the connection do not', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    server.failNext({ operation: 'PutObject', code: 'CutBody' })
    await assert.rejects(put(s3, 'photos', 'done'))
    server.failNext({ operation: 'PutObject', code: 'CutConnection' })
    await assert.rejects(put(s3, 'photos', 'not-done'))
    assert.deepEqual(await keysOf(s3, 'photos'), ['done'])
  })

  it('let the official client try again by itself', async (t) => {
    const { server } = await serverAndClient(t)
    await server.createBucket('photos')
    server.failNext({ operation: 'PutObject', code: 'SlowDown' })
    const patient = new S3Client({ ...server.s3ClientOptions, maxAttempts: 3 })
    await put(patient, 'photos', 'a')
    patient.destroy()
    assert.deepEqual(
      server.requests().map(({ operation, status, errorCode }) => [operation, status, errorCode]),
      [
        ['PutObject', 503, 'SlowDown'],
        ['PutObject', 200, null],
      ],
    )
  })

  it('that no request can meet are refused by name', async (t) => {
    const { server } = await serverAndClient(t)
    assert.throws(
      () => server.failNext({ operation: 'PutObjekt', code: 'SlowDown' }),
      /did you mean PutObject/,
    )
    assert.throws(() => server.failNext({ operation: 'PutObject', code: 'SlowDwn' }), /did you mean SlowDown/)
    assert.throws(
      () => server.failNext({ operation: 'GetBuckets', code: 'SlowDown' }),
      /no error of GetBuckets/,
    )
    assert.throws(() => server.failNext({ operation: 'PutObject' }), /needs a code or a delay/)
    assert.throws(() => server.failNext({ code: 'SlowDown', times: 0 }), /times: expected a whole number/)
    assert.throws(
      () => server.failNext({ code: 'SlowDown', time: 1 } as object),
      /no "time"; did you mean times/,
    )
    assert.throws(
      () => server.failNext({ operation: 'PutObject', code: 'WrongChecksum' }),
      /for the operation GetObject/,
    )
  })
})

describe('the requests that a server remembers', () => {
  it('tell who asked for what and how it ended, without what may be secret', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.createBucket('photos')
    await put(s3, 'photos', 'a b')
    await textOf(s3, 'photos', 'none').catch(() => undefined)
    const [first, second] = server.requests()
    const { accessKeyId, secretAccessKey } = server.credentials
    assert.ok(first)
    const { requestId, receivedAt, userAgent, ...rest } = first
    assert.match(requestId, /^[0-9A-F]{16}$/)
    assert.ok(receivedAt instanceof Date)
    assert.match(userAgent ?? '', /aws-sdk-js/)
    assert.deepEqual(rest, {
      service: 's3',
      operation: 'PutObject',
      method: 'PUT',
      path: '/photos/a%20b',
      bucketName: 'photos',
      objectKey: 'a b',
      versionId: null,
      accessKeyId,
      status: 200,
      errorCode: null,
    })
    assert.deepEqual([second?.status, second?.errorCode], [404, 'NoSuchKey'])
    assert.ok(!JSON.stringify(server.requests()).includes(secretAccessKey))
  })

  it('are the last ones, so many as are asked for', async (t) => {
    const { server, s3 } = await serverAndClient(t, { requestsKept: 3 })
    await server.createBucket('photos')
    for (let number = 0; number < 8; number++) await put(s3, 'photos', `${number}`)
    assert.deepEqual(
      server.requests().map(({ objectKey }) => objectKey),
      ['5', '6', '7'],
    )
  })
})

describe('a seed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-seed-'))
  before(() => {
    mkdirSync(join(folder, 'photos', 'deep'), { recursive: true })
    mkdirSync(join(folder, 'empty'))
    writeFileSync(join(folder, 'photos', 'index.html'), '<p>')
    writeFileSync(join(folder, 'photos', 'deep', 'large.bin'), LARGE)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('that is a folder has a bucket for each folder and an object for each file', async (t) => {
    const { server, s3 } = await serverAndClient(t, { seed: folder })
    assert.deepEqual(await keysOf(s3, 'photos'), ['deep/large.bin', 'index.html'])
    assert.deepEqual(await keysOf(s3, 'empty'), [])
    const page = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'index.html' }))
    assert.deepEqual([page.ContentType, await page.Body?.transformToString()], ['text/html', '<p>'])
    assert.equal((await textOf(s3, 'photos', 'deep/large.bin'))?.length, LARGE.length)
    // It belongs to the start, and so comes back.
    await s3.send(new DeleteObjectCommand({ Bucket: 'photos', Key: 'index.html' }))
    await server.reset()
    assert.deepEqual(await keysOf(s3, 'photos'), ['deep/large.bin', 'index.html'])
  })

  it('that is an object says what buckets and objects are like', async (t) => {
    const { server, s3 } = await serverAndClient(t)
    await server.seed({
      buckets: {
        site: {
          access: 'public',
          versioning: true,
          objects: {
            'a.txt': 'text',
            'b.json': {
              body: '{}',
              contentType: 'application/json',
              metadata: { author: 'me' },
              tags: { kind: 'test' },
            },
            'c.bin': { bodyBase64: '/wA=' },
          },
        },
      },
    })
    assert.equal(await (await fetch(`${server.endpoint}/site/a.txt`)).text(), 'text')
    const object = await s3.send(new GetObjectCommand({ Bucket: 'site', Key: 'b.json' }))
    assert.equal(object.ContentType, 'application/json')
    assert.deepEqual(object.Metadata, { author: 'me' })
    assert.equal(object.TagCount, 1)
    assert.ok(object.VersionId && object.VersionId !== 'null')
    assert.equal(
      Buffer.from(await (await fetch(`${server.endpoint}/site/c.bin`)).arrayBuffer()).toString('hex'),
      'ff00',
    )
  })

  it('that cannot be names what is wrong', async (t) => {
    const { server } = await serverAndClient(t)
    await assert.rejects(server.seed({ buckets: { A_B: {} } }), /bucket "A_B": .*bucketName/)
    await assert.rejects(server.seed({ buckets: { abc: { bundleId: 'huge' } } }), /huge/)
    await assert.rejects(server.seed({ buckets: { abc: { object: {} } as object } }), /has no "object"/)
    await assert.rejects(server.seed(join(folder, 'nowhere')), /the seed's folder cannot be read/)
    await assert.rejects(server.seed(join(folder, 'photos')), /the file "index.html" beside its folders/)
    await server.createBucket('abc')
    await assert.rejects(server.createBucket('abc'), /abc.*\(InvalidInputException\)/)
  })
})
