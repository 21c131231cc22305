import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { StoreUnavailable } from '../../src/storage/metadata-store.ts'
import { openS3BlobStore } from '../../src/storage/s3/open.ts'
import { describeBlobStore } from '../../src/storage/testing/blob-store-suite.ts'
import { missingMoto, startMoto, type MotoServer } from './moto-server.ts'

describe('S3 blobs in moto', { skip: missingMoto() ?? false }, () => {
  let moto: MotoServer | null = null
  let url = ''
  describeBlobStore('s3 (moto)', {
    async open() {
      moto = await startMoto()
      const client = new S3Client({
        endpoint: moto.endpoint,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
      })
      await client.send(new CreateBucketCommand({ Bucket: 'blobs' }))
      client.destroy()
      url = `s3://moto:moto@blobs/some/where?endpoint=${encodeURIComponent(moto.endpoint)}`
      return await openS3BlobStore(url)
    },
    openAnother: () => openS3BlobStore(url),
    async dispose() {
      moto?.stop()
    },
  })

  /** A bucket of its own, with a client, and the URL under which the store finds it. */
  async function newBucket(t: TestContext) {
    const server = await startMoto()
    const { endpoint } = server
    const credentials = { accessKeyId: 'moto', secretAccessKey: 'moto' }
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
    t.after(() => {
      client.destroy()
      server.stop()
    })
    await client.send(new CreateBucketCommand({ Bucket: 'shared' }))
    return { client, url: `s3://moto:moto@shared?endpoint=${encodeURIComponent(endpoint)}` }
  }

  it('lists only blobs, whatever else lies in the bucket', async (t) => {
    const { client, url } = await newBucket(t)
    for (const name of ['PROBE-1', 'other/blob-1', 'blob_2'])
      await client.send(new PutObjectCommand({ Bucket: 'shared', Key: name, Body: 'x' }))
    const store = await openS3BlobStore(url)
    for (const id of ['blob-1', 'zz'])
      await store.put(id, Readable.from([Buffer.from('x')]), { sizeBytes: 1 })
    const ids = async (limit: number) => (await store.list({ limit })).map(({ id }) => id)
    assert.deepEqual([await ids(1), await ids(10)], [['blob-1'], ['blob-1', 'zz']])
    await store.close()
  })

  it('aborts abandoned uploads of blobs, and nobody else’s', async (t) => {
    const { client, url } = await newBucket(t)
    for (const Key of ['writer01-00000001', 'backups/monday', 'Film'])
      await client.send(new CreateMultipartUploadCommand({ Bucket: 'shared', Key }))
    const inTwoDays = { now: () => Date.now() + 48 * 3_600_000 }
    await (await openS3BlobStore(url, inTwoDays)).close()
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'shared' }))
    assert.deepEqual(Uploads?.map(({ Key }) => Key).sort(), ['Film', 'backups/monday'])
  })

  it('lets go of a body that the cluster takes nothing of', async (t) => {
    const { client, url } = await newBucket(t)
    const store = await openS3BlobStore(url)
    await client.send(new DeleteBucketCommand({ Bucket: 'shared' }))
    let isOver = false
    async function* body() {
      try {
        for (let piece = 0; piece < 100; piece++) yield Buffer.alloc(1024 * 1024)
      } finally {
        isOver = true
      }
    }
    await assert.rejects(store.put('writer01-00000001', body()), StoreUnavailable)
    assert.ok(isOver)
    await store.close()
  })
})
