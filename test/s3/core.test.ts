import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
  UploadPartCopyCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
  type ObjectPart,
} from '@aws-sdk/client-s3'
import { startServer, type TestServer } from './start-server.ts'

const BUCKET = 'core-bucket'
const PART = Buffer.alloc(5 * 1024 * 1024, 'p')

let server: TestServer
let s3: S3Client

before(async () => {
  server = await startServer()
  const { rootKey } = await server.createAccount('core')
  s3 = new S3Client({ endpoint: server.url, region: 'eu-west-1', forcePathStyle: true, credentials: rootKey })
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
})

after(async () => {
  s3.destroy()
  await server.stop()
  assert.deepEqual(server.errors, [])
})

async function read(Key: string, Range?: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...(Range && { Range }) }))
  return (await Body?.transformToString()) ?? ''
}

const failsWith = (name: string, status: number) => (error: unknown) =>
  error instanceof S3ServiceException && error.name === name && error.$metadata.httpStatusCode === status

describe('an object put with the SDK', () => {
  it('comes back with its bytes, type, metadata and ETag', async () => {
    const Key = 'folder/é +.txt'
    const put = await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key,
        Body: 'hello',
        ContentType: 'text/plain',
        Metadata: { colour: 'red' },
      }),
    )
    assert.equal(put.ETag, '"5d41402abc4b2a76b9719d911017c592"')
    const got = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
    assert.equal(await got.Body?.transformToString(), 'hello')
    assert.deepEqual([got.ContentType, got.Metadata, got.ContentLength], ['text/plain', { colour: 'red' }, 5])
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))
    assert.equal(head.ETag, put.ETag)
  })

  it('streams when it is large, whole and in ranges', async () => {
    const Body = Buffer.alloc(3_000_000, 'abcdefghij')
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'large', Body }))
    assert.equal(await read('large'), Body.toString())
    assert.equal(await read('large', 'bytes=1000003-1000007'), 'defgh')
    assert.equal(await read('large', 'bytes=-3'), 'hij')
    await assert.rejects(read('large', 'bytes=3000000-'), failsWith('InvalidRange', 416))
  })

  for (const ChecksumAlgorithm of [
    'CRC32',
    'CRC32C',
    'CRC64NVME',
    'SHA1',
    'SHA256',
  ] satisfies ChecksumAlgorithm[])
    it(`keeps the ${ChecksumAlgorithm} that was asked for`, async () => {
      const Key = `checksum-${ChecksumAlgorithm}`
      const put = await s3.send(
        new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'checked', ChecksumAlgorithm }),
      )
      const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' }))
      const member = `Checksum${ChecksumAlgorithm}` as const
      assert.ok(put[member])
      assert.equal(head[member], put[member])
    })

  it('is not stored when its bytes are not those that its MD5 promises', async () => {
    const put = new PutObjectCommand({
      Bucket: BUCKET,
      Key: 'wrong',
      Body: 'x',
      ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==',
    })
    await assert.rejects(s3.send(put), failsWith('BadDigest', 400))
    await assert.rejects(read('wrong'), failsWith('NoSuchKey', 404))
  })

  it('is not replaced when If-None-Match forbids it', async () => {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'once', Body: '1', IfNoneMatch: '*' }))
    const again = new PutObjectCommand({ Bucket: BUCKET, Key: 'once', Body: '2', IfNoneMatch: '*' })
    await assert.rejects(s3.send(again), failsWith('PreconditionFailed', 412))
    assert.equal(await read('once'), '1')
  })

  it('is copied, with new metadata when that is asked for', async () => {
    await s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'source', Body: 'copied', Metadata: { a: '1' } }),
    )
    await s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: `${BUCKET}/source` }))
    await s3.send(
      new CopyObjectCommand({
        Bucket: BUCKET,
        Key: 'copy2',
        CopySource: `${BUCKET}/source`,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
      }),
    )
    const [copy, copy2] = await Promise.all(
      ['copy', 'copy2'].map((Key) => s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))),
    )
    assert.deepEqual([copy?.Metadata, copy2?.Metadata], [{ a: '1' }, { b: '2' }])
    assert.equal(await read('copy2'), 'copied')
  })

  it('is gone after DeleteObject, which succeeds again', async () => {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'gone', Body: 'x' }))
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone' }))
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone' }))
    await assert.rejects(read('gone'), failsWith('NoSuchKey', 404))
  })
})

describe('a multipart upload', () => {
  it('makes one object out of uploaded and copied parts', async () => {
    const Key = 'multipart'
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'tail', Body: '0123456789' }))
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }))
    const first = await s3.send(
      new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber: 1, Body: PART }),
    )
    const second = await s3.send(
      new UploadPartCopyCommand({
        Bucket: BUCKET,
        Key,
        UploadId,
        PartNumber: 2,
        CopySource: `${BUCKET}/tail`,
        CopySourceRange: 'bytes=2-4',
      }),
    )
    const listed = await s3.send(new ListPartsCommand({ Bucket: BUCKET, Key, UploadId }))
    assert.deepEqual(
      listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
      [
        [1, PART.length],
        [2, 3],
      ],
    )
    const Parts = [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.CopyPartResult?.ETag },
    ]
    const done = await s3.send(
      new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts } }),
    )
    assert.match(done.ETag ?? '', /^"[0-9a-f]{32}-2"$/)
    assert.equal(await read(Key, `bytes=${PART.length - 2}-`), 'pp234')
  })

  it('may end with a part without bytes, which is read by its number as nothing', async () => {
    const Key = 'empty-last-part'
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }))
    const Parts = []
    for (const [at, Body] of [PART, Buffer.alloc(0)].entries()) {
      const part = { Bucket: BUCKET, Key, UploadId, PartNumber: at + 1, Body }
      const { ETag } = await s3.send(new UploadPartCommand(part))
      Parts.push({ PartNumber: at + 1, ETag })
    }
    await s3.send(
      new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts } }),
    )
    const { Body, ContentLength, PartsCount } = await s3.send(
      new GetObjectCommand({ Bucket: BUCKET, Key, PartNumber: 2 }),
    )
    assert.deepEqual([await Body?.transformToString(), ContentLength, PartsCount], ['', 0, 2])
  })

  it('leaves its parts to be shown page by page, with their sizes and checksums, by GetObjectAttributes', async () => {
    const Key = 'shown-parts'
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ChecksumAlgorithm: 'SHA256' }),
    )
    const [Parts, shown]: [CompletedPart[], ObjectPart[]] = [[], []]
    for (const [PartNumber, Body] of [
      [1, PART],
      [3, PART],
      [4, Buffer.from('end')],
    ] as const) {
      const part = { Bucket: BUCKET, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' } as const
      const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand(part))
      Parts.push({ PartNumber, ETag, ChecksumSHA256 })
      shown.push({ PartNumber, Size: Body.length, ChecksumSHA256 })
    }
    await s3.send(
      new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts } }),
    )
    const page = async (asked: { readonly MaxParts?: number; readonly PartNumberMarker?: string }) => {
      const { ObjectParts } = await s3.send(
        new GetObjectAttributesCommand({ Bucket: BUCKET, Key, ObjectAttributes: ['ObjectParts'], ...asked }),
      )
      return ObjectParts
    }
    const all = { TotalPartsCount: 3, PartNumberMarker: '0', NextPartNumberMarker: '4' }
    assert.deepEqual(await page({}), { ...all, MaxParts: 1000, IsTruncated: false, Parts: shown })
    const two = { NextPartNumberMarker: '3', MaxParts: 2, IsTruncated: true, Parts: shown.slice(0, 2) }
    assert.deepEqual(await page({ MaxParts: 2 }), { ...all, ...two })
    const rest = { PartNumberMarker: '3', MaxParts: 2, IsTruncated: false, Parts: shown.slice(2) }
    assert.deepEqual(await page({ MaxParts: 2, PartNumberMarker: '3' }), { ...all, ...rest })
  })

  it('is listed while it is in progress, and no longer once it is aborted', async () => {
    const Key = 'aborted'
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }))
    const list = new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: Key })
    assert.deepEqual(
      (await s3.send(list)).Uploads?.map((upload) => upload.UploadId),
      [UploadId],
    )
    await s3.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId }))
    assert.equal((await s3.send(list)).Uploads, undefined)
    const part = new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber: 1, Body: 'late' })
    await assert.rejects(s3.send(part), failsWith('NoSuchUpload', 404))
  })
})

describe('a bucket', () => {
  it('lists its keys in pages, grouped by a delimiter, in both versions of the API', async () => {
    const Bucket = 'listed-bucket'
    await s3.send(new CreateBucketCommand({ Bucket }))
    for (const Key of ['a/1', 'a/2', 'b', 'c/1'])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: '' }))
    const first = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 2 }))
    assert.deepEqual(
      [first.CommonPrefixes, first.Contents?.map(({ Key }) => Key)],
      [[{ Prefix: 'a/' }], ['b']],
    )
    const rest = await s3.send(
      new ListObjectsV2Command({ Bucket, Delimiter: '/', ContinuationToken: first.NextContinuationToken }),
    )
    assert.deepEqual([rest.IsTruncated, rest.CommonPrefixes], [false, [{ Prefix: 'c/' }]])
    const v1 = await s3.send(new ListObjectsCommand({ Bucket, Prefix: 'a/', Marker: 'a/1' }))
    assert.deepEqual(
      v1.Contents?.map(({ Key }) => Key),
      ['a/2'],
    )
    const Objects = ['a/1', 'a/2', 'b', 'c/1', 'never-there'].map((Key) => ({ Key }))
    await assert.rejects(s3.send(new DeleteBucketCommand({ Bucket })), failsWith('BucketNotEmpty', 409))
    const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    assert.equal(deleted.Deleted?.length, 5)
    await s3.send(new DeleteBucketCommand({ Bucket }))
    await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket })), failsWith('NoSuchBucket', 404))
  })

  it('belongs to the region that its creation was signed for', async () => {
    const location = await s3.send(new GetBucketLocationCommand({ Bucket: BUCKET }))
    assert.equal(location.LocationConstraint, 'eu-west-1')
    const head = await s3.send(new HeadBucketCommand({ Bucket: BUCKET }))
    assert.equal(head.BucketRegion, 'eu-west-1')
    const elsewhere = new S3Client({
      endpoint: server.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: await s3.config.credentials(),
    })
    await assert.rejects(
      elsewhere.send(new ListObjectsV2Command({ Bucket: BUCKET })),
      failsWith('AuthorizationHeaderMalformed', 400),
    )
    elsewhere.destroy()
  })

  it('is seen by its own account alone', async () => {
    const { rootKey } = await server.createAccount('stranger')
    const stranger = new S3Client({
      endpoint: server.url,
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: rootKey,
    })
    assert.deepEqual((await stranger.send(new ListBucketsCommand({}))).Buckets ?? [], [])
    await assert.rejects(
      stranger.send(new ListObjectsV2Command({ Bucket: BUCKET })),
      failsWith('AccessDenied', 403),
    )
    await assert.rejects(
      stranger.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'theirs', Body: 'x' })),
      failsWith('AccessDenied', 403),
    )
    const own = await s3.send(new ListBucketsCommand({}))
    assert.ok(own.Buckets?.some(({ Name }) => Name === BUCKET))
    stranger.destroy()
  })
})
