import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3ServiceException,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()

function keyOf(fill: string) {
  const key = Buffer.alloc(32, fill)
  return {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: hash('md5', key, 'base64'),
  }
}
const [KEY, OTHER_KEY] = [keyOf('a'), keyOf('b')]
const SOURCE_KEY = {
  CopySourceSSECustomerAlgorithm: KEY.SSECustomerAlgorithm,
  CopySourceSSECustomerKey: KEY.SSECustomerKey,
  CopySourceSSECustomerKeyMD5: KEY.SSECustomerKeyMD5,
}

const put = (Bucket: string, Body = 'secret') =>
  world().s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body, ...KEY }))

async function read(Bucket: string, Key: string, more: object = {}): Promise<string | undefined> {
  const { Body } = await world().s3.send(new GetObjectCommand({ Bucket, Key, ...more }))
  return await Body?.transformToString()
}

describe("an object under a customer's key", () => {
  it('is read with that key alone', async () => {
    const bucket = await world().makeBucket('ssec-read')
    const { SSECustomerKeyMD5 } = await put(bucket)
    assert.equal(SSECustomerKeyMD5, KEY.SSECustomerKeyMD5)
    assert.equal(await read(bucket, 'key', KEY), 'secret')
    await assert.rejects(read(bucket, 'key'), failsWith('InvalidRequest', 400))
    await assert.rejects(read(bucket, 'key', OTHER_KEY), failsWith('AccessDenied', 403))
    // A response to HEAD has no body that could name the code.
    await assert.rejects(
      world().s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'key' })),
      (error) => error instanceof S3ServiceException && error.$metadata.httpStatusCode === 400,
    )
  })

  it('shows its attributes to who has that key alone', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('ssec-attributes')
    await put(Bucket)
    const show = (more: object) =>
      s3.send(
        new GetObjectAttributesCommand({ Bucket, Key: 'key', ObjectAttributes: ['ObjectSize'], ...more }),
      )
    assert.equal((await show(KEY)).ObjectSize, 'secret'.length)
    await assert.rejects(show({}), failsWith('InvalidRequest', 400))
    await assert.rejects(show(OTHER_KEY), failsWith('AccessDenied', 403))
  })

  it('is copied to another key, to encryption by the server, and to none', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('ssec-copy')
    await put(Bucket)
    const copy = (Key: string, more: object) =>
      s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/key`, ...SOURCE_KEY, ...more }))
    await copy('other', OTHER_KEY)
    await copy('server', { ServerSideEncryption: 'AES256' })
    await copy('none', {})
    assert.equal(await read(Bucket, 'other', OTHER_KEY), 'secret')
    assert.equal(await read(Bucket, 'server'), 'secret')
    assert.equal(await read(Bucket, 'none'), 'secret')
    await assert.rejects(
      s3.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/key` })),
      failsWith('InvalidRequest', 400),
    )
  })

  it('is tagged without the key, which only its bytes need', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('ssec-tags')
    await put(Bucket)
    const TagSet = [{ Key: 'colour', Value: 'red' }]
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'key', Tagging: { TagSet } }))
    assert.deepEqual((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'key' }))).TagSet, TagSet)
  })

  it('is made in parts, stored and copied, all under the key of the upload', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('ssec-parts')
    const part = 'p'.repeat(5 * 1024 * 1024)
    await put(Bucket, part)
    const begun = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ...OTHER_KEY }))
    const at = { Bucket, Key: 'parts', UploadId: begun.UploadId }
    await assert.rejects(
      s3.send(new UploadPartCommand({ ...at, PartNumber: 2, Body: 'end', ...KEY })),
      failsWith('InvalidRequest', 400),
    )
    const source = { CopySource: `${Bucket}/key`, ...SOURCE_KEY }
    const first = await s3.send(new UploadPartCopyCommand({ ...at, PartNumber: 1, ...source, ...OTHER_KEY }))
    const second = await s3.send(new UploadPartCommand({ ...at, PartNumber: 2, Body: 'end', ...OTHER_KEY }))
    const Parts = [
      { PartNumber: 1, ETag: first.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ]
    await s3.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts } }))
    assert.equal(await read(Bucket, 'parts', OTHER_KEY), `${part}end`)
  })
})
