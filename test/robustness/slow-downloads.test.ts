import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { DeleteBucketCommand, LightsailClient } from '@aws-sdk/client-lightsail'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { runServerCommand } from '../harness/server-command.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { beginDownload, putParts } from './slow-download.ts'

const WORKERS = 3
const PARTS = 4

describe(`downloads from ${WORKERS} workers of objects that were stored before the last start`, () => {
  let server: RunningServer
  let s3: S3Client
  const data = mkdtempSync(join(tmpdir(), 'lugsail-slow-'))
  const start = async () => {
    server = await startServer({ workers: WORKERS, dataFolder: data })
    const { endpoint, credentials, region } = server
    s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })
  }
  before(start)
  after(async () => {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  })

  const sweep = () => {
    const { status, stdout, stderr } = runServerCommand('store', 'sweep', '--data', data, '--output', 'json')
    assert.equal(status, 0, stderr)
    return (JSON.parse(stdout) as { sweep: { blobsInUse: number; blobsRemoved: number } }).sweep
  }
  const blobCount = () =>
    readdirSync(join(data, 'store'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && /\/blobs\/../.test(entry.parentPath),
    ).length

  it('end with the object they began with when it is overwritten, deleted or goes with its bucket, and the store is swept', async () => {
    const bytes = new Map<string, Buffer>()
    const places = [
      ['kept', 'overwritten'],
      ['kept', 'deleted'],
      ['forced', 'object'],
    ] as const
    for (const Bucket of ['kept', 'forced']) await s3.send(new CreateBucketCommand({ Bucket }))
    for (const [Bucket, Key] of places) bytes.set(Key, await putParts(s3, Bucket, Key, PARTS))
    s3.destroy()
    await server.stop()
    await start()
    assert.equal(blobCount(), places.length * PARTS)

    const downloads = await Promise.all(
      places.flatMap(([Bucket, Key]) => {
        const all = bytes.get(Key) ?? assert.fail()
        return [
          // Several connections, so that several workers send them.
          ...Array.from({ length: WORKERS }, () => beginDownload(s3, { Bucket, Key }, { bytes: all })),
          beginDownload(s3, { Bucket, Key }, { bytes: all, range: { start: 1_000, end: all.length - 2 } }),
        ]
      }),
    )
    const { endpoint, region, credentials } = server
    const lightsail = new LightsailClient({ endpoint, region, credentials })
    await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'overwritten', Body: 'new' }))
    await s3.send(new DeleteObjectCommand({ Bucket: 'kept', Key: 'deleted' }))
    await lightsail.send(new DeleteBucketCommand({ bucketName: 'forced', forceDelete: true }))
    lightsail.destroy()

    assert.ok(sweep().blobsInUse > 0)
    for (const download of downloads) await download.finish()
    assert.equal(sweep().blobsInUse, 0)
    assert.equal(blobCount(), 0)
  })
})
