import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { describe } from 'node:test'
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
})
