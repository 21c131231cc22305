import assert from 'node:assert/strict'
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, describe, it } from 'node:test'
import { GetObjectCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { assertSameFile, plantFile } from './files.ts'
import { startWorld } from './world.ts'

describe('@aws-sdk/lib-storage', () => {
  const world = startWorld()
  let client: S3Client

  before(() => {
    const { endpoint, region, key: credentials } = world()
    client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  })
  after(() => client.destroy())

  it('uploads a stream of unknown length in parallel parts, which comes back byte for byte', async () => {
    const { bucket: Bucket } = world()
    const large = await plantFile(world().path('large'), 100_000_000)
    const upload = new Upload({
      client,
      params: { Bucket, Key: 'large', Body: createReadStream(large) },
      partSize: 5 * 1024 * 1024,
      queueSize: 6,
    })
    await upload.done()
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'large' }))
    assert.ok(Body instanceof Readable)
    await pipeline(Body, createWriteStream(world().path('back')))
    await assertSameFile(world().path('back'), large)
  })

  it('leaves no upload behind when its body breaks off', async () => {
    const { bucket: Bucket } = world()
    const upload = new Upload({
      client,
      params: { Bucket, Key: 'broken', Body: Readable.from(brokenBody()) },
    })
    await assert.rejects(upload.done(), /the body broke/)
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
    assert.deepEqual(Uploads, [])
  })
})

function* brokenBody(): Generator<Buffer> {
  for (let block = 0; block < 30; block++) yield Buffer.alloc(1 << 20, block)
  throw new Error('the body broke')
}
