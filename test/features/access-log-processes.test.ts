import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { CreateBucketCommand, LightsailClient, UpdateBucketCommand } from '@aws-sdk/client-lightsail'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startServer } from '../harness/server.ts'

const REQUESTS = 40

it('several workers lose no line of an access log when the server stops', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lugsail-access-logs-'))
  try {
    // Nothing is delivered by time while this server runs.
    const options = { 'access-log-interval-seconds': '86400' }
    const first = await startServer({ workers: 2, dataFolder, options })
    const lightsail = new LightsailClient(first)
    for (const bucketName of ['site', 'logs'])
      await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
    const accessLogConfig = { enabled: true, destination: 'logs' }
    await lightsail.send(new UpdateBucketCommand({ bucketName: 'site', accessLogConfig }))
    // Clients of their own have connections of their own, which spread over the workers.
    const put = async (Key: string): Promise<void> => {
      const client = new S3Client({ ...first, forcePathStyle: true })
      await client.send(new PutObjectCommand({ Bucket: 'site', Key, Body: 'x' }))
      client.destroy()
    }
    const written = Array.from({ length: REQUESTS }, (_, at) => `key-${at}`)
    await Promise.all(written.map(put))
    lightsail.destroy()
    assert.equal(await first.stop(), 0)

    const second = await startServer({ dataFolder })
    const s3 = new S3Client({ ...second, forcePathStyle: true })
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'logs' }))
    const logged: string[] = []
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'logs', Key }))
      for (const line of ((await Body?.transformToString()) ?? '').trim().split('\n'))
        logged.push(/ REST\.PUT\.OBJECT (\S+) /.exec(line)?.[1] ?? line)
    }
    assert.deepEqual(logged.sort(), written.sort())
    s3.destroy()
    await second.stop()
  } finally {
    rmSync(dataFolder, { recursive: true, force: true })
  }
})
