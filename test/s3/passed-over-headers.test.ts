import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { CreateMultipartUploadCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { REFUSED_HEADERS } from '../../src/model/s3/refused-headers.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld({ newBucketDefaults: 'legacy' })
const BUCKET = 'passing-bucket'
const PAGE = 'docs/decisions/passed-over-headers.md'

/** What SDKs send beside what an operation is described with, and what belongs to other operations. */
const STRANGE = {
  'x-amz-te': 'append-md5',
  'x-amz-checksum-mode': 'enabled',
  'x-amz-storage-class': 'STANDARD',
  'x-amz-tagging-directive': 'COPY',
  'x-amz-metadata-directive': 'COPY',
  'x-amz-request-payer': 'requester',
  'x-amz-mfa': '1 2',
  'x-amz-mp-object-size': '5',
  'x-amz-server-side-encryption-bucket-key-enabled': 'true',
  'x-amz-object-attributes': 'ETag',
  'x-amz-horse': 'brown',
}

/** Beside a checksum or none; the beginning of an upload and its completion use them. */
const NAMED = { 'x-amz-checksum-algorithm': 'crc32', 'x-amz-checksum-type': 'full_object' }

/** Of an empty body, as the SDK for Java sends it with each request that has none. */
const JAVA = { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-te': 'append-md5' }

/** What a read cannot use, and a write may not pass over. */
const OF_WRITES = {
  ...JAVA,
  'x-amz-acl': 'private',
  'x-amz-grant-read': 'id="none"',
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': 'k',
  'x-amz-object-lock-mode': 'COMPLIANCE',
  'x-amz-write-offset-bytes': '1',
  'x-amz-copy-source': 'none/none',
  'content-range': 'bytes 0-0/9',
  'x-amz-sdk-checksum-algorithm': 'XXHASH3',
}

let client: SignedClient

describe('headers that an operation does not use', () => {
  before(async () => {
    const { server, owner, makeBucket, s3 } = world()
    await makeBucket(BUCKET)
    client = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, owner.rootKey)
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'there', Body: 'hello' }))
  })
  after(() => client.close())

  const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    client.s3({
      method,
      path: `/${BUCKET}${path}`,
      headers,
      ...(body !== undefined && { body: Buffer.from(body) }),
    })
  const begin = async (Key: string, options: object = {}) =>
    (await world().s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ...options }))).UploadId ??
    ''
  const partList = (etag: string | undefined) =>
    `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`

  const reads: readonly [method: string, path: string][] = [
    ['GET', '/there'],
    ['HEAD', '/there'],
    ['GET', '/there?tagging'],
    ['GET', '/there?acl'],
    ['GET', '?list-type=2&versionId=none&partNumber=none'],
    ['GET', '?versions'],
    ['GET', '?uploads'],
    ['GET', '?location'],
    ['HEAD', ''],
  ]
  for (const [method, path] of reads)
    it(`are passed over by ${method} /bucket${path}, whatever they ask`, async () => {
      for (const headers of [JAVA, { ...STRANGE, ...NAMED }, OF_WRITES]) {
        const response = await send(method, path, headers)
        assert.equal(response.status, 200, response.body.toString())
        if (path === '/there' && method === 'GET') assert.equal(response.body.toString(), 'hello')
      }
    })

  it('are passed over by each write of an object where nothing is lost', async () => {
    const copy = { 'x-amz-copy-source': `${BUCKET}/there` }
    const uploadId = await begin('parts')
    const part = `/parts?partNumber=1&uploadId=${uploadId}`
    const rows: readonly [method: string, path: string, headers: Record<string, string>, body?: string][] = [
      ['PUT', '/new', { ...STRANGE, ...NAMED, 'x-amz-bypass-governance-retention': 'false' }, 'x'],
      ['PUT', '/copy', { ...STRANGE, ...JAVA, ...copy }],
      ['POST', '/begun?uploads', { ...STRANGE, ...JAVA }],
      ['PUT', part, { ...STRANGE, ...JAVA, ...copy, 'x-amz-tagging': 'a=b' }],
      ['PUT', part, { ...STRANGE, ...NAMED, 'content-range': 'bytes 0-0/9', 'x-amz-meta-a': 'b' }, 'x'],
      ['PUT', '/there?tagging', { ...STRANGE, 'x-amz-acl': 'private' }, '<Tagging><TagSet/></Tagging>'],
      ['DELETE', '/there?tagging', { ...STRANGE, ...JAVA }],
      ['DELETE', '/copy', { ...STRANGE, ...NAMED, ...JAVA, 'x-amz-acl': 'private' }],
      ['DELETE', `/parts?uploadId=${uploadId}`, { ...STRANGE, ...JAVA }],
    ]
    for (const [method, path, headers, body] of rows) {
      const response = await send(method, path, headers, body)
      assert.ok(response.status < 300, `${method} ${path} ${response.status} ${response.body.toString()}`)
    }
  })

  it('are passed over where an upload is completed, and so is the algorithm of a checksum that is not there', async () => {
    const uploadId = await begin('completed')
    const { headers } = await send('PUT', `/completed?partNumber=1&uploadId=${uploadId}`, {}, 'hello')
    const asked = {
      ...STRANGE,
      'x-amz-checksum-algorithm': 'CRC32',
      'x-amz-sdk-checksum-algorithm': 'CRC32',
      'x-amz-tagging': 'a=b',
    }
    const response = await send('POST', `/completed?uploadId=${uploadId}`, asked, partList(headers.etag))
    assert.equal(response.status, 200, response.body.toString())
  })

  it('are refused by parts and completions that ask for a lock, another key or an ACL', async () => {
    const uploadId = await begin('refused')
    const part = `/refused?partNumber=1&uploadId=${uploadId}`
    const { headers } = await send('PUT', part, {}, 'hello')
    const rows: readonly [name: string, value: string, status: number][] = [
      ['x-amz-acl', 'private', 501],
      ['x-amz-grant-read', 'id="none"', 501],
      ['x-amz-object-lock-mode', 'COMPLIANCE', 501],
      ['x-amz-object-lock-legal-hold', 'ON', 501],
      ['x-amz-write-offset-bytes', '5', 501],
      ['x-amz-server-side-encryption', 'aws:kms', 400],
      ['x-amz-server-side-encryption', 'AES256', 400],
      ['x-amz-server-side-encryption-aws-kms-key-id', 'k', 400],
      ['if-unmodified-since', new Date(0).toUTCString(), 501],
    ]
    for (const [name, value, status] of rows) {
      assert.equal((await send('PUT', part, { [name]: value }, 'x')).status, status, name)
      const complete = `/refused?uploadId=${uploadId}`
      const response = await send('POST', complete, { [name]: value }, partList(headers.etag))
      assert.equal(response.status, status, `${name} ${response.body.toString()}`)
    }
    await assert.rejects(
      world().s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'refused' })),
      failsWith('NotFound', 404),
    )
  })

  it('may repeat, with parts and completion, the encryption that the upload has', async () => {
    const encryption = { 'x-amz-server-side-encryption': 'AES256' }
    const uploadId = await begin('encrypted', { ServerSideEncryption: 'AES256' })
    const { status, headers } = await send(
      'PUT',
      `/encrypted?partNumber=1&uploadId=${uploadId}`,
      encryption,
      'hello',
    )
    assert.equal(status, 200)
    const response = await send('POST', `/encrypted?uploadId=${uploadId}`, encryption, partList(headers.etag))
    assert.equal(response.status, 200, response.body.toString())
  })

  it('may say when an upload may be begun: it is not where the object is there already', async () => {
    assert.equal((await send('POST', '/there?uploads', { 'if-none-match': '*' })).status, 412)
    assert.equal((await send('POST', '/missing?uploads', { 'if-none-match': '*' })).status, 200)
    assert.equal((await send('POST', '/missing?uploads', { 'if-match': '"x"' })).status, 404)
  })

  it(`are refused as ${PAGE} says`, () => {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => /^\| (object|part|completion|deletion|setting|form) /.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    const expected = Object.entries(REFUSED_HEADERS).flatMap(([change, groups]) =>
      groups.map(({ concern, names, reason }) => [
        change,
        concern,
        names.map((name) => `\`${name}\``).join(' '),
        reason,
      ]),
    )
    assert.deepEqual(rows, expected)
  })
})
