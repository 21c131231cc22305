import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import {
  CHECKSUM_ALGORITHMS,
  CHECKSUM_HEADERS,
  type ChecksumAlgorithm,
} from '../../src/protocol/checksums/algorithms.ts'
import { checksumOf } from '../../src/protocol/checksums/checksum.ts'
import { loadHashes } from '../../src/protocol/checksums/wasm-hashes.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()
const Bucket = 'checksum-bucket'
const BODY = Buffer.from('123456789')
const CRC64NVME = 'rosUhgp5mIg='
let client: SignedClient

const send = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: Buffer | string = '',
) => client.s3({ method, path: `/${Bucket}/${path}`, headers, body: Buffer.from(body) })

/** `<status> <code of the error, if it is one>` */
const outcome = ({ status, body }: HttpResponse) =>
  `${status} ${/<Code>(\w+)<\/Code>/.exec(body.toString())?.[1] ?? ''}`.trim()

const checksumsOf = (response: object) =>
  Object.fromEntries(
    Object.entries(response).filter(([name, value]) => name.startsWith('Checksum') && value !== undefined),
  )

const head = async (Key: string) =>
  checksumsOf(await world().s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' })))

async function attributes(Key: string) {
  const { Checksum } = await world().s3.send(
    new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['Checksum'] }),
  )
  return { ...Checksum }
}

const withMember = (algorithm: ChecksumAlgorithm, value: string, type = 'FULL_OBJECT') => ({
  [`Checksum${algorithm}`]: value,
  ChecksumType: type,
})

async function begin(path: string, headers: Record<string, string> = {}): Promise<string> {
  const { body } = await send('POST', `${path}?uploads`, headers)
  return /<UploadId>(.*)<\/UploadId>/.exec(body.toString())?.[1] ?? ''
}

async function part(path: string, uploadId: string, headers: Record<string, string> = {}, body = BODY) {
  const response = await send('PUT', `${path}?partNumber=1&uploadId=${uploadId}`, headers, body)
  return { ...response, etag: response.headers.etag ?? '' }
}

async function complete(path: string, uploadId: string, inner: string, headers: Record<string, string> = {}) {
  const etag = `<ETag>${createHash('md5').update(BODY).digest('hex')}</ETag>`
  const list = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>${etag}${inner}</Part></CompleteMultipartUpload>`
  return await send('POST', `${path}?uploadId=${uploadId}`, headers, list)
}

const element = (algorithm: ChecksumAlgorithm, value: string) =>
  `<Checksum${algorithm}>${value}</Checksum${algorithm}>`

describe('the checksum of an object', () => {
  before(async () => {
    await loadHashes()
    const { server, owner, makeBucket } = world()
    await makeBucket(Bucket)
    client = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, owner.rootKey)
  })
  after(() => client.close())

  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const header = CHECKSUM_HEADERS[algorithm]
    const sum = () => checksumOf(algorithm, BODY)
    const other = () => checksumOf(algorithm, Buffer.from('other'))

    it(`may be ${algorithm}: compared, kept, told, copied and listed`, async () => {
      const key = `put-${algorithm}`
      assert.equal(outcome(await send('PUT', key, { [header]: other() }, BODY)), '400 BadDigest')
      assert.equal(outcome(await send('PUT', key, { [header]: 'bad' }, BODY)), '400 BadDigest')
      for (const none of ['', 'no base64!', 'YXNrZGpoZ2tqYXNoAAAA'])
        assert.equal(outcome(await send('PUT', key, { [header]: none }, BODY)), '400 InvalidRequest', none)
      const named = { 'x-amz-sdk-checksum-algorithm': algorithm.toLowerCase() }
      const response = await send('PUT', key, { [header]: sum(), ...named }, BODY)
      assert.equal(response.status, 200, response.body.toString())
      assert.equal(response.headers[header], sum())
      const { CopyObjectResult } = await world().s3.send(
        new CopyObjectCommand({ Bucket, Key: `${key}-copy`, CopySource: `${Bucket}/${key}` }),
      )
      assert.deepEqual(checksumsOf(CopyObjectResult ?? {}), withMember(algorithm, sum()))
      for (const place of [key, `${key}-copy`]) {
        assert.deepEqual(await head(place), withMember(algorithm, sum()))
        assert.deepEqual(await attributes(place), withMember(algorithm, sum()))
      }
      const { Contents } = await world().s3.send(new ListObjectsV2Command({ Bucket, Prefix: key }))
      assert.deepEqual(
        Contents?.map(({ ChecksumAlgorithm }) => ChecksumAlgorithm),
        [[algorithm], [algorithm]],
      )
    })

    it(`may be ${algorithm} in a trailer`, async () => {
      const responseTo = (value: string) =>
        send(
          'PUT',
          `trailer-${algorithm}`,
          {
            'content-encoding': 'aws-chunked',
            'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
            'x-amz-decoded-content-length': '9',
            'x-amz-trailer': header,
          },
          `9\r\n123456789\r\n0\r\n${header}:${value}\r\n\r\n`,
        )
      assert.equal(outcome(await responseTo(other())), '400 BadDigest')
      assert.equal(outcome(await responseTo(sum())), '200')
      assert.deepEqual(await head(`trailer-${algorithm}`), withMember(algorithm, sum()))
    })

    if (algorithm === 'CRC64NVME') continue
    it(`may be a composite ${algorithm} of parts, which each part and the completion must give`, async () => {
      const key = `parts-${algorithm}`
      const uploadId = await begin(key, { 'x-amz-checksum-algorithm': algorithm.toLowerCase() })
      assert.equal(outcome(await part(key, uploadId)), '400 InvalidRequest')
      const crc = { 'x-amz-checksum-crc64nvme': CRC64NVME }
      assert.equal(outcome(await part(key, uploadId, crc)), '400 InvalidRequest')
      assert.equal(outcome(await part(key, uploadId, { [header]: sum() })), '200')
      const inner = element(algorithm, sum())
      assert.equal(outcome(await complete(key, uploadId, '')), '400 InvalidRequest')
      assert.equal(
        outcome(await complete(key, uploadId, element('CRC64NVME', CRC64NVME))),
        '400 InvalidRequest',
      )
      assert.equal(outcome(await complete(key, uploadId, element(algorithm, other()))), '400 InvalidPart')
      const type = { 'x-amz-checksum-type': 'full_object' }
      assert.equal(outcome(await complete(key, uploadId, inner, type)), '400 InvalidRequest')
      assert.equal(outcome(await complete(key, uploadId, element(algorithm, 'bad'))), '400 InvalidArgument')
      const ofParts = checksumOf(algorithm, Buffer.from(sum(), 'base64'))
      for (const wrong of [`${other()}-1`, other(), `${ofParts}-2`])
        assert.equal(
          outcome(await complete(key, uploadId, inner, { [header]: wrong })),
          '400 BadDigest',
          wrong,
        )
      assert.equal(outcome(await complete(key, uploadId, '', { [header]: 'bad' })), '400 BadDigest')
      for (const none of ['no base64!', `${ofParts}-x`, `${ofParts}-1-2`, `${ofParts}--1`])
        assert.equal(outcome(await complete(key, uploadId, inner, { [header]: none })), '400 InvalidRequest')
      const expected = { [header]: ofParts, 'x-amz-checksum-type': 'composite' }
      assert.equal(outcome(await complete(key, uploadId, inner, expected)), '200')
      assert.deepEqual(await head(key), withMember(algorithm, `${ofParts}-1`, 'COMPOSITE'))
      assert.deepEqual(await attributes(key), withMember(algorithm, ofParts, 'COMPOSITE'))
      await world().s3.send(
        new CopyObjectCommand({ Bucket, Key: `${key}-copy`, CopySource: `${Bucket}/${key}` }),
      )
      assert.deepEqual(await head(`${key}-copy`), withMember(algorithm, sum()))
    })
  }

  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const)
    it(`may be the ${algorithm} of the whole, though parts and completion give none`, async () => {
      const key = `whole-${algorithm}`
      const asked = { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': 'FULL_OBJECT' }
      const uploadId = await begin(key, asked)
      assert.equal(outcome(await part(key, uploadId)), '200')
      const type = { 'x-amz-checksum-type': 'COMPOSITE' }
      assert.equal(outcome(await complete(key, uploadId, '', type)), '400 InvalidRequest')
      const sha1 = element('SHA1', checksumOf('SHA1', BODY))
      assert.equal(outcome(await complete(key, uploadId, sha1)), '400 BadDigest')
      assert.equal(outcome(await complete(key, uploadId, '', asked)), '200')
      assert.deepEqual(await head(key), withMember(algorithm, checksumOf(algorithm, BODY)))
    })

  it('is CRC64NVME where none was given: put, posted in parts, copied', async () => {
    const response = await send('PUT', 'plain', {}, BODY)
    assert.equal(response.headers['x-amz-checksum-crc64nvme'], CRC64NVME)
    assert.equal(response.headers['x-amz-checksum-type'], 'FULL_OBJECT')
    await send('PUT', 'plain-copy', { 'x-amz-copy-source': `${Bucket}/plain` })
    const uploadId = await begin('plain-parts')
    await part('plain-parts', uploadId)
    const completed = await complete('plain-parts', uploadId, '', { 'x-amz-checksum-crc64nvme': CRC64NVME })
    assert.match(completed.body.toString(), /<ChecksumCRC64NVME>rosUhgp5mIg=<.*<ChecksumType>FULL_OBJECT</s)
    for (const key of ['plain', 'plain-copy', 'plain-parts'])
      assert.deepEqual(await head(key), withMember('CRC64NVME', CRC64NVME))
    assert.deepEqual(await head('plain'), withMember('CRC64NVME', CRC64NVME))
  })

  it('is told of an object without bytes that is read as its only part', async () => {
    await send('PUT', 'empty')
    const read = await send('GET', 'empty?partNumber=1', { 'x-amz-checksum-mode': 'ENABLED' })
    assert.equal(read.headers['x-amz-checksum-crc64nvme'], checksumOf('CRC64NVME', Buffer.alloc(0)))
  })

  it('is CRC64NVME also of a large body, which is digested on a thread', async () => {
    const body = Buffer.alloc(3_000_001, 'large')
    await send('PUT', 'large', {}, body)
    assert.deepEqual(await head('large'), withMember('CRC64NVME', checksumOf('CRC64NVME', body)))
  })

  it('is CRC64NVME of an upload begun without an algorithm, whatever its parts come with', async () => {
    const sum = checksumOf('CRC32', BODY)
    const uploadId = await begin('mixed')
    assert.equal(
      (await part('mixed', uploadId, { 'x-amz-checksum-crc32': sum })).headers['x-amz-checksum-crc32'],
      sum,
    )
    assert.equal(outcome(await complete('mixed', uploadId, element('CRC32', 'AAAAAA=='))), '400 InvalidPart')
    assert.equal(outcome(await complete('mixed', uploadId, element('CRC32', sum))), '200')
    assert.deepEqual(await head('mixed'), withMember('CRC64NVME', CRC64NVME))
  })

  it('may be expected of an upload that was begun without an algorithm', async () => {
    const sum = checksumOf('CRC32', BODY)
    const uploadId = await begin('expected')
    await part('expected', uploadId, { 'x-amz-checksum-crc32': sum })
    const wrong = { 'x-amz-checksum-crc32': 'AAAAAA==' }
    assert.equal(outcome(await complete('expected', uploadId, '', wrong)), '400 BadDigest')
    assert.equal(outcome(await complete('expected', uploadId, '', { 'x-amz-checksum-crc32': sum })), '200')
    assert.deepEqual(await head('expected'), withMember('CRC32', sum))
  })

  it('is passed over where it is expected of parts that nobody digested so, as S3 does', async () => {
    const uploadId = await begin('passed-over')
    await part('passed-over', uploadId, { 'x-amz-checksum-crc32': checksumOf('CRC32', BODY) })
    const composite = { 'x-amz-checksum-crc32c': 'yZRlqg==-2' }
    assert.equal(outcome(await complete('passed-over', uploadId, '', composite)), '200')
    assert.deepEqual(await head('passed-over'), withMember('CRC64NVME', CRC64NVME))
  })

  it('of a part is told of uploads that were begun with an algorithm alone', async () => {
    for (const [algorithm, isTold] of [
      ['CRC32', true],
      ['', false],
    ] as const) {
      const key = `parts-${algorithm}`
      const uploadId = await begin(key, algorithm === '' ? {} : { 'x-amz-checksum-algorithm': algorithm })
      await part(key, uploadId, { 'x-amz-checksum-crc32': checksumOf('CRC32', BODY) })
      const listed = await send('GET', `${key}?uploadId=${uploadId}`)
      assert.equal(listed.body.includes('<ChecksumCRC32>'), isTold)
      await complete(key, uploadId, isTold ? element('CRC32', checksumOf('CRC32', BODY)) : '')
      const read = await send('GET', `${key}?partNumber=1`, { 'x-amz-checksum-mode': 'ENABLED' })
      assert.equal(
        Object.keys(read.headers).some((name) => name.startsWith('x-amz-checksum-')),
        isTold,
      )
    }
  })

  it('of an entry of a completion comes once, and is of an algorithm that there is', async () => {
    const sum = checksumOf('CRC32', BODY)
    const uploadId = await begin('two', { 'x-amz-checksum-algorithm': 'CRC32' })
    await part('two', uploadId, { 'x-amz-checksum-crc32': sum })
    const both = element('CRC32', sum) + element('SHA1', checksumOf('SHA1', BODY))
    assert.equal(outcome(await complete('two', uploadId, both)), '400 InvalidArgument')
    const unknown = await send('PUT', 'unknown', { 'x-amz-checksum-crc16': 'AAA=' }, BODY)
    assert.equal(outcome(unknown), '400 InvalidRequest')
  })

  it('of a copy may be another than its source has, and stays when metadata is replaced in place', async () => {
    const { s3 } = world()
    await send('PUT', 'source', { 'x-amz-checksum-sha1': checksumOf('SHA1', BODY) }, BODY)
    const copy = { Bucket, CopySource: `${Bucket}/source` }
    await s3.send(new CopyObjectCommand({ ...copy, Key: 'asked', ChecksumAlgorithm: 'SHA256' }))
    assert.deepEqual(await head('asked'), withMember('SHA256', checksumOf('SHA256', BODY)))
    await s3.send(
      new CopyObjectCommand({ ...copy, Key: 'source', MetadataDirective: 'REPLACE', Metadata: { n: '1' } }),
    )
    assert.deepEqual(await head('source'), withMember('SHA1', checksumOf('SHA1', BODY)))
  })

  it('is told by the SDK’s own uploads in parts, copied parts included', async () => {
    const { s3 } = world()
    await send('PUT', 'origin', {}, BODY)
    const Key = 'sdk-parts'
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }),
    )
    const response = await send('PUT', `${Key}?partNumber=1&uploadId=${UploadId}`, {
      'x-amz-copy-source': `${Bucket}/origin`,
    })
    const sum = checksumOf('SHA256', BODY)
    assert.match(response.body.toString(), new RegExp(`<ChecksumSHA256>${sum.replaceAll('+', '\\+')}<`))
    const ETag = createHash('md5').update(BODY).digest('hex')
    const completed = (more: object) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...more }] },
        }),
      )
    await assert.rejects(completed({}), failsWith('InvalidRequest', 400))
    await completed({ ChecksumSHA256: sum })
  })
})
