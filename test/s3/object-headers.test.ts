import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { exchangeBytes } from '../harness/raw-connection.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()
const TOMORROW = new Date(Math.ceil(Date.now() / 1000) * 1000 + 86_400_000)

/** All that a client may say of an object when it makes it, as HEAD tells it afterwards. */
const ATTRIBUTES = {
  CacheControl: 'max-age=60',
  ContentDisposition: 'attachment; filename="a.txt"',
  ContentEncoding: 'br',
  ContentLanguage: 'de',
  ContentType: 'text/plain',
  ExpiresString: 'Wed, 01 Jan 2031 00:00:00 GMT',
  Metadata: { colour: 'red', shape: 'round' },
  WebsiteRedirectLocation: '/elsewhere',
  ObjectLockMode: 'GOVERNANCE',
  ObjectLockRetainUntilDate: TOMORROW,
  ObjectLockLegalHoldStatus: 'ON',
} as const
const { ExpiresString, ...GIVEN } = { ...ATTRIBUTES, Expires: new Date(ATTRIBUTES.ExpiresString) }

async function told(Bucket: string, Key: string): Promise<Readonly<Record<string, unknown>>> {
  const head: Readonly<Record<string, unknown>> = {
    ...(await world().s3.send(new HeadObjectCommand({ Bucket, Key }))),
  }
  return Object.fromEntries(Object.keys(ATTRIBUTES).map((name) => [name, head[name]]))
}

describe('what is said of an object when it is made', () => {
  let bucket: string
  before(async () => {
    bucket = await world().makeBucket('described', true)
  })

  it('is told again after a put', async () => {
    await world().s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'put', Body: 'x', ...GIVEN }))
    assert.deepEqual(await told(bucket, 'put'), { ...ATTRIBUTES, ExpiresString })
  })

  it('is told again after an upload in parts, to which it was said at the beginning', async () => {
    const address = { Bucket: bucket, Key: 'upload' }
    const { UploadId } = await world().s3.send(
      new CreateMultipartUploadCommand({ ...address, ...GIVEN, Tagging: 'team=red' }),
    )
    const { ETag } = await world().s3.send(
      new UploadPartCommand({ ...address, UploadId, PartNumber: 1, Body: 'x' }),
    )
    await world().s3.send(
      new CompleteMultipartUploadCommand({
        ...address,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    )
    assert.deepEqual(await told(bucket, 'upload'), ATTRIBUTES)
    const { TagSet } = await world().s3.send(new GetObjectTaggingCommand(address))
    assert.deepEqual(TagSet, [{ Key: 'team', Value: 'red' }])
  })

  it('goes with a copy, but for the lock, which each object is given for itself', async () => {
    await world().s3.send(new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/put` }))
    assert.deepEqual(await told(bucket, 'copy'), {
      ...ATTRIBUTES,
      ObjectLockMode: undefined,
      ObjectLockRetainUntilDate: undefined,
      ObjectLockLegalHoldStatus: undefined,
    })
  })

  it('is no lock when only its mode, or only its date, is said', async () => {
    for (const half of [{ ObjectLockMode: 'GOVERNANCE' }, { ObjectLockRetainUntilDate: TOMORROW }] as const)
      await assert.rejects(
        world().s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'half', Body: 'x', ...half })),
        failsWith('InvalidArgument', 400),
      )
    await assert.rejects(
      world().s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'half' })),
      failsWith('NotFound', 404),
    )
  })

  it('holds what was put with a legal hold OFF no longer than any other', async () => {
    await world().s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'off', Body: 'x', ObjectLockLegalHoldStatus: 'OFF' }),
    )
    const { ObjectLockLegalHoldStatus } = await world().s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: 'off' }),
    )
    assert.equal(ObjectLockLegalHoldStatus, 'OFF')
  })
})

describe('on the wire', () => {
  let client: SignedClient
  let bucket: string
  before(async () => {
    const { server, owner, makeBucket } = world()
    bucket = await makeBucket('wired')
    client = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, owner.rootKey)
    await world().s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body: 'eleven byte' }))
  })
  after(() => client.close())

  const headOf = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
    client.headOf({ method, path: `/${bucket}/${path}`, headers })

  it('a response to HEAD has the headers of that to GET and no body, and the next response follows at once', async () => {
    for (const [path, status] of [
      ['key', 200],
      ['none', 404],
    ] as const) {
      const head = await client.s3({ method: 'HEAD', path: `/${bucket}/${path}` })
      const get = await client.s3({ method: 'GET', path: `/${bucket}/${path}` })
      assert.deepEqual([head.status, get.status, head.body.length], [status, status, 0])
      for (const name of ['etag', 'content-type', 'last-modified', 'accept-ranges'])
        if (status === 200) assert.equal(head.headers[name], get.headers[name], name)
      if (status === 200) assert.equal(head.headers['content-length'], '11')
      const text = await exchangeBytes(
        world().server.url,
        headOf('HEAD', path) + headOf('GET', 'key', { connection: 'close' }),
      )
      assert.match(
        text,
        new RegExp(`^HTTP/1\\.1 ${status} [^]*?\\r\\n\\r\\nHTTP/1\\.1 200 [^]*\\r\\n\\r\\neleven byte$`),
      )
    }
  })

  it('a body that ends before the length that was promised is no object', async () => {
    await exchangeBytes(
      world().server.url,
      `${headOf('PUT', 'short', { 'content-length': '10' })}nine byte`,
      'end',
    )
    await assert.rejects(
      world().s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'short' })),
      failsWith('NoSuchKey', 404),
    )
  })

  it('what is sent behind the promised length is no part of the object', async () => {
    await exchangeBytes(
      world().server.url,
      `${headOf('PUT', 'long', { 'content-length': '4', connection: 'close' })}fourMORE`,
    )
    const { Body } = await world().s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'long' }))
    assert.equal(await Body?.transformToString(), 'four')
  })

  for (const [length, code] of [
    ['4', 'IncompleteBody'],
    ['6', 'IncompleteBody'],
    ['x', 'MissingContentLength'],
    ['-5', 'MissingContentLength'],
  ] as const)
    it(`a framed body of 5 bytes that is said to have ${length} is refused with ${code}`, async () => {
      const response = await client.s3({
        method: 'PUT',
        path: `/${bucket}/framed`,
        headers: {
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': length,
        },
        body: Buffer.from('5\r\nabcde\r\n0\r\n\r\n'),
      })
      assert.equal(response.status, code === 'MissingContentLength' ? 411 : 400)
      assert.match(response.body.toString(), new RegExp(`<Code>${code}</Code>`))
      await assert.rejects(
        world().s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'framed' })),
        failsWith('NoSuchKey', 404),
      )
    })
})
