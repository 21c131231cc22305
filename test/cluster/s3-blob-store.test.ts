import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
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
      return openS3BlobStore(url)
    },
    openAnother: () => openS3BlobStore(url),
    async dispose() {
      moto?.stop()
    },
  })

  it('lists only blobs, whatever else lies in the bucket', async () => {
    const server = await startMoto()
    const login = { accessKeyId: 'moto', secretAccessKey: 'moto' }
    const { endpoint } = server
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: login })
    await client.send(new CreateBucketCommand({ Bucket: 'shared' }))
    for (const name of ['PROBE-1', 'other/blob-1', 'blob_2'])
      await client.send(new PutObjectCommand({ Bucket: 'shared', Key: name, Body: 'x' }))
    const store = await openS3BlobStore(`s3://moto:moto@shared?endpoint=${encodeURIComponent(endpoint)}`)
    for (const id of ['blob-1', 'zz'])
      await store.put(id, Readable.from([Buffer.from('x')]), { sizeBytes: 1 })
    const ids = async (limit: number) => (await store.list({ limit })).map(({ id }) => id)
    assert.deepEqual([await ids(1), await ids(10)], [['blob-1'], ['blob-1', 'zz']])
    await store.close()
    client.destroy()
    server.stop()
  })
})
