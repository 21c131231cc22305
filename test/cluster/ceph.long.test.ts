import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe } from 'node:test'
import { openS3BlobStore } from '../../src/storage/s3/open.ts'
import { describeBlobStore } from '../../src/storage/testing/blob-store-suite.ts'
import { freePort } from './free-port.ts'

// One command: node test/run.mjs test/cluster/ceph   (apt-get install ceph-mon ceph-osd ceph-common radosgw)
const SCRIPT = resolve(import.meta.dirname, 'ceph-rgw.sh')
const TOOLS = ['ceph-mon', 'ceph-osd', 'ceph', 'radosgw']
const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0)
const skip = missing.length > 0 && `${missing.join(', ')} not found: Debian's ceph packages bring them`

describe('S3 blobs in Ceph RGW', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-ceph-'))
  let url = ''
  describeBlobStore('s3 (Ceph RGW)', {
    async open() {
      const port = await freePort()
      const credentials = { accessKeyId: 'CEPHTEST000000000000', secretAccessKey: 'ceph-test-secret' }
      const args = ['start', folder, String(port), credentials.accessKeyId, credentials.secretAccessKey]
      execFileSync(SCRIPT, args, { stdio: ['ignore', 'ignore', 'inherit'] })
      const endpoint = `http://127.0.0.1:${port}`
      const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
      await client.send(new CreateBucketCommand({ Bucket: 'blobs' }))
      client.destroy()
      url = `s3://${credentials.accessKeyId}:${credentials.secretAccessKey}@blobs?endpoint=${encodeURIComponent(endpoint)}`
      return await openS3BlobStore(url)
    },
    openAnother: () => openS3BlobStore(url),
    async dispose() {
      execFileSync(SCRIPT, ['stop', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  })
})
