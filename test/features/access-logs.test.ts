import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  UpdateBucketCommand,
} from '@aws-sdk/client-lightsail'
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type BucketLifecycleConfiguration,
} from '@aws-sdk/client-s3'
import { DAY_MS, startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

const LOG_INTERVAL_MS = 300_000

/** Fields of a line by their place in S3's format; quoted and bracketed fields are one field. */
const FIELD = /\[[^\]]*\]|"[^"]*"|\S+/g
const [BUCKET, TIME, IP, REQUESTER, OPERATION, KEY, REQUEST_URI, STATUS, ERROR, SENT, SIZE, REFERER, AGENT] =
  [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 15, 16]
const [VERSION, SIGNATURE, AUTH_TYPE, HOST] = [17, 19, 21, 22]

describe('access logs', () => {
  let server: FeatureServer
  let owner: FeatureAccount

  before(async () => {
    server = await startFeatureServer()
    owner = await server.createAccount('owner')
    for (const bucketName of ['site', 'other', 'logs'])
      await owner.lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
  })
  after(() => server.stop())

  const logTo = (bucketName: string, destination: string, prefix?: string) =>
    owner.lightsail.send(
      new UpdateBucketCommand({ bucketName, accessLogConfig: { enabled: true, destination, prefix } }),
    )
  const stopLogging = (bucketName: string) =>
    owner.lightsail.send(new UpdateBucketCommand({ bucketName, accessLogConfig: { enabled: false } }))

  /** The lines that were delivered since the last call, by prefix; the log objects are removed. */
  async function delivered(Prefix: string): Promise<{ keys: string[]; lines: string[][]; text: string }> {
    const { Contents = [] } = await owner.s3.send(new ListObjectsV2Command({ Bucket: 'logs', Prefix }))
    const keys = Contents.map(({ Key = '' }) => Key)
    let text = ''
    for (const Key of keys) {
      const { Body } = await owner.s3.send(new GetObjectCommand({ Bucket: 'logs', Key }))
      text += (await Body?.transformToString()) ?? ''
    }
    if (keys.length > 0)
      await owner.s3.send(
        new DeleteObjectsCommand({ Bucket: 'logs', Delete: { Objects: keys.map((Key) => ({ Key })) } }),
      )
    const lines = text.split('\n').slice(0, -1)
    return { keys, text, lines: lines.map((line) => line.match(FIELD) ?? []) }
  }

  it('deliver a line per request, in S3’s fields, to the destination under the prefix', async () => {
    await logTo('site', 'logs', 'site/')
    const { accessKey } = await owner.lightsail.send(new CreateBucketAccessKeyCommand({ bucketName: 'site' }))
    const key = server.s3(accessKey ?? {})
    await key.send(new PutObjectCommand({ Bucket: 'site', Key: 'a b/é%20.txt', Body: 'hello' }))
    const got = await key.send(new GetObjectCommand({ Bucket: 'site', Key: 'a b/é%20.txt' }))
    await got.Body?.transformToString()
    await assert.rejects(key.send(new GetObjectCommand({ Bucket: 'site', Key: 'gone' })))
    await rawGet(server.endpoint, '/site/a?x-mine=1', { referer: 'https://x.test/' })
    await server.pass(LOG_INTERVAL_MS)

    const { keys, lines } = await delivered('site/')
    assert.equal(keys.length, 1)
    assert.match(keys[0] ?? '', /^site\/2030-01-10-12-05-00-[0-9A-F]{16}$/)
    assert.deepEqual(
      lines.map((line) => line.length),
      [28, 28, 28, 28],
    )
    for (const line of lines) {
      assert.equal(line[0], owner.canonicalUserId)
      assert.equal(line[BUCKET], 'site')
      assert.equal(line[TIME], '[10/Jan/2030:12:00:00 +0000]')
      assert.match(line[IP] ?? '', /127\.0\.0\.1$/)
      assert.equal(line[HOST], new URL(server.endpoint).host)
    }
    const [put, get, missing, anonymous] = lines
    // Behind what S3 has there is the key, and its requester is the user who has it.
    assert.equal(anonymous?.at(-1), '-')
    for (const line of [put, get, missing]) {
      assert.equal(line?.at(-1), accessKey?.accessKeyId)
      assert.equal(line?.[REQUESTER], `arn:aws:iam::${owner.accountId}:user/site`)
    }
    assert.deepEqual(
      [REQUESTER, OPERATION, KEY, STATUS, ERROR, SENT, SIZE, SIGNATURE, AUTH_TYPE].map((at) => put?.[at]),
      [
        `arn:aws:iam::${owner.accountId}:user/site`,
        'REST.PUT.OBJECT',
        'a%20b/%C3%A9%2520.txt',
        '200',
        '-',
        '-',
        '5',
        'SigV4',
        'AuthHeader',
      ],
    )
    assert.deepEqual(
      [OPERATION, STATUS, ERROR, SENT, SIZE].map((at) => get?.[at]),
      ['REST.GET.OBJECT', '200', '-', '5', '5'],
    )
    assert.match(
      get?.[REQUEST_URI] ?? '',
      /^"GET \/site\/a%20b\/%C3%A9%2520\.txt\?x-id=GetObject HTTP\/1\.1"$/,
    )
    assert.deepEqual(
      [OPERATION, KEY, STATUS, ERROR].map((at) => missing?.[at]),
      ['REST.GET.OBJECT', 'gone', '404', 'NoSuchKey'],
    )
    assert.deepEqual(
      [REQUESTER, STATUS, ERROR, REFERER, SIGNATURE].map((at) => anonymous[at]),
      ['-', '403', 'AccessDenied', '"https://x.test/"', '-'],
    )
  })

  it('write a line for each object of a batch, and two for a copy, each in its bucket’s log', async () => {
    await logTo('other', 'logs', 'other/')
    await owner.s3.send(new PutObjectCommand({ Bucket: 'site', Key: 'one', Body: '1' }))
    await owner.s3.send(new CopyObjectCommand({ Bucket: 'other', Key: 'two', CopySource: 'site/one' }))
    await owner.s3.send(new PutObjectTaggingCommand({ Bucket: 'other', Key: 'two', Tagging: { TagSet: [] } }))
    await owner.s3.send(
      new DeleteObjectsCommand({ Bucket: 'site', Delete: { Objects: [{ Key: 'one' }, { Key: 'no' }] } }),
    )
    await server.pass(LOG_INTERVAL_MS)
    const facts = (line: string[]) => [line[BUCKET], line[OPERATION], line[KEY], line[STATUS]]
    assert.deepEqual((await delivered('site/')).lines.map(facts), [
      ['site', 'REST.PUT.OBJECT', 'one', '200'],
      ['site', 'REST.COPY.OBJECT_GET', 'one', '200'],
      ['site', 'REST.POST.MULTI_OBJECT_DELETE', '-', '200'],
      ['site', 'BATCH.DELETE.OBJECT', 'one', '204'],
      ['site', 'BATCH.DELETE.OBJECT', 'no', '204'],
    ])
    assert.deepEqual((await delivered('other/')).lines.map(facts), [
      ['other', 'REST.COPY.OBJECT', 'two', '200'],
      ['other', 'REST.PUT.OBJECT_TAGGING', 'two', '200'],
    ])
    await stopLogging('other')
  })

  it('keep a client from forging a line or a field', async () => {
    const forged = 'x" 200 - 1 1 1 1 "-" "-" -\n'
    await rawGet(server.endpoint, '/site/k%0Aey"\\x', {
      referer: `" 200 evil "\t`,
      'user-agent': 'a" b\\" "c',
      host: 'h ost"',
    })
    await owner.s3.send(new PutObjectCommand({ Bucket: 'site', Key: forged, Body: '' }))
    await server.pass(LOG_INTERVAL_MS)
    const { lines, text } = await delivered('site/')
    assert.equal(text.split('\n').length, 3)
    assert.deepEqual(
      lines.map((line) => line.length),
      [28, 28],
    )
    const [raw, put] = lines
    assert.equal(raw?.[KEY], 'k%0Aey%22%5Cx')
    assert.equal(raw[AGENT], '"a%22 b%5C%22 %22c"')
    assert.equal(raw[HOST], 'h%20ost%22')
    assert.equal(put?.[KEY], 'x%22%20200%20-%201%201%201%201%20%22-%22%20%22-%22%20-%0A')
  })

  it('never hold the signature of a presigned URL', async () => {
    const { accessKeyId } = await owner.s3.config.credentials()
    const query = [
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      `X-Amz-Credential=${accessKeyId}%2F20300110%2Fus-east-1%2Fs3%2Faws4_request`,
      'X-Amz-Date=20300110T120000Z',
      'X-Amz-Expires=86400',
      'X-Amz-SignedHeaders=host',
      `X-Amz-Signature=${'ab'.repeat(32)}`,
      'x-mine=1',
    ]
    await rawGet(server.endpoint, `/site/one?${query.join('&')}`, {})
    await server.pass(LOG_INTERVAL_MS)
    const { lines, text } = await delivered('site/')
    const [line] = lines
    assert.deepEqual(
      [REQUESTER, ERROR, SIGNATURE, AUTH_TYPE].map((at) => line?.[at]),
      ['-', 'SignatureDoesNotMatch', 'SigV4', 'QueryString'],
    )
    assert.match(line?.[REQUEST_URI] ?? '', /&X-Amz-Signature=REDACTED&x-mine=1 HTTP/)
    assert.ok(!text.includes('abab'))
  })

  it('end with the setting, and leave nothing behind when the destination is gone', async () => {
    await stopLogging('site')
    await owner.s3.send(new PutObjectCommand({ Bucket: 'site', Key: 'silent', Body: '1' }))
    await server.pass(LOG_INTERVAL_MS)
    assert.deepEqual((await delivered('')).keys, [])

    await owner.lightsail.send(new CreateBucketCommand({ bucketName: 'brief', bundleId: 'small_1_0' }))
    await logTo('site', 'brief')
    await owner.s3.send(new PutObjectCommand({ Bucket: 'site', Key: 'loud', Body: '1' }))
    await owner.lightsail.send(new DeleteBucketCommand({ bucketName: 'brief', forceDelete: true }))
    const stranger = await server.createAccount('stranger')
    await stranger.lightsail.send(new CreateBucketCommand({ bucketName: 'brief', bundleId: 'small_1_0' }))
    await server.pass(LOG_INTERVAL_MS)
    const { KeyCount } = await stranger.s3.send(new ListObjectsV2Command({ Bucket: 'brief' }))
    assert.equal(KeyCount, 0)
  })

  it('name the version that was written, and what lifecycle rules did, as AmazonS3', async () => {
    const Bucket = 'kept'
    await owner.lightsail.send(new CreateBucketCommand({ bucketName: Bucket, bundleId: 'small_1_0' }))
    await owner.lightsail.send(new UpdateBucketCommand({ bucketName: Bucket, versioning: 'Enabled' }))
    await logTo(Bucket, 'logs', 'kept/')
    const put = await owner.s3.send(new PutObjectCommand({ Bucket, Key: 'a b', Body: '123' }))
    await server.pass(LOG_INTERVAL_MS)
    assert.equal((await delivered('kept/')).lines[0]?.[VERSION], put.VersionId)
    const LifecycleConfiguration: BucketLifecycleConfiguration = {
      Rules: [
        {
          ID: 'all',
          Status: 'Enabled',
          Filter: { Prefix: '' },
          Expiration: { Days: 1 },
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 4 },
        },
      ],
    }
    await owner.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }))
    await owner.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'begun' }))
    await server.pass(2 * DAY_MS)
    const { DeleteMarkers = [] } = await owner.s3.send(new ListObjectVersionsCommand({ Bucket }))
    await server.pass(2 * DAY_MS)
    await server.pass(DAY_MS)
    await server.pass(LOG_INTERVAL_MS)
    const { lines } = await delivered('kept/')
    const byRules = lines.filter((line) => line[REQUESTER] === 'AmazonS3')
    for (const line of byRules) assert.equal(line.length, 28)
    const marker = DeleteMarkers[0]?.VersionId
    assert.deepEqual(
      byRules.map((line) => [OPERATION, KEY, REQUEST_URI, STATUS, SIZE, VERSION].map((at) => line[at])),
      [
        ['S3.CREATE.DELETEMARKER', 'a%20b', '"-"', '-', '-', marker],
        ['S3.EXPIRE.OBJECT', 'a%20b', '"-"', '-', '3', put.VersionId],
        ['S3.EXPIRE.OBJECT', 'a%20b', '"-"', '-', '-', marker],
        ['S3.DELETE.UPLOAD', 'begun', '"-"', '-', '-', '-'],
      ],
    )
    await stopLogging(Bucket)
  })
})

/** A request as no well-behaved client sends it. */
function rawGet(endpoint: string, path: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    request(new URL(endpoint), { path, headers }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end()
  })
}
