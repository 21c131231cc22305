import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketsCommand,
} from '@aws-sdk/client-lightsail'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { runServerCommand, serverCommand, serverEnvironment } from '../harness/server-command.ts'
import { SeededRandom } from '../seeded-random.ts'

const Bucket = 'photos'
const LARGE = 'x'.repeat(300_000)
const PART = Buffer.alloc(5 * 1024 * 1024, 'p')
const KILLS = 6

/** What lies in a folder that others write to. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    // A folder went away meanwhile.
    return []
  }
}

function lugsail(...args: readonly string[]): unknown {
  const { status, stdout, stderr } = runServerCommand(...args, '--output', 'json')
  assert.equal(status, 0, stderr + stdout)
  return JSON.parse(stdout)
}

describe('a server on a restored store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-restored-'))
  const [data, target, restored] = ['data', 'target', 'restored'].map((name) => join(folder, name))
  assert.ok(data && target && restored)
  let server: RunningServer
  let key: { accessKeyId?: string | undefined; secretAccessKey?: string | undefined } | undefined
  let upload: { UploadId?: string | undefined; ETag?: string | undefined } = {}

  before(async () => {
    server = await startServer({ dataFolder: data })
    const lightsail = lightsailClient(server)
    await lightsail.send(
      new CreateBucketCommand({ bucketName: Bucket, bundleId: 'small_1_0', enableObjectVersioning: true }),
    )
    key = (await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName: Bucket }))).accessKey
    const s3 = s3Client(server)
    for (const Body of ['older', 'newer', LARGE])
      await s3.send(new PutObjectCommand({ Bucket, Key: 'versions', Body, ServerSideEncryption: 'AES256' }))
    await s3.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: LARGE }))
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'upload' }))
    const part = { Bucket, Key: 'upload', UploadId, PartNumber: 1, Body: PART }
    upload = { UploadId, ETag: (await s3.send(new UploadPartCommand(part))).ETag }
  })
  after(async () => {
    await server.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  it('has a backup that was killed many times, and is whole', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    const [program, ...before] = serverCommand()
    mkdirSync(target)
    let killed = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const known = new Set(filesIn(target))
      const child = spawn(program, [...before, 'store', 'backup', target, '--data', data], {
        env: serverEnvironment(),
        stdio: 'ignore',
        detached: true,
      })
      const ended = once(child, 'close')
      const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
      // Further on with each: it has written so many files, or is through.
      const files = 1 + random.below(1 + kill)
      const written = new Set<string>()
      while (isRunning() && written.size < files) {
        for (const file of filesIn(target)) if (!known.has(file)) written.add(file)
        await pause(1)
      }
      if (child.pid !== undefined && isRunning()) {
        process.kill(-child.pid, 'SIGKILL')
        killed++
      }
      await ended
    }
    assert.ok(killed > 0)
    lugsail('store', 'backup', target, '--data', data)
    lugsail('store', 'backup', target, '--verify')
  })

  it('answers with the same keys, versions, encrypted objects and uploads under way', async () => {
    lugsail('store', 'restore', target, '--data', restored)
    cpSync(join(data, 'master.key'), join(restored, 'master.key'))
    cpSync(join(data, 'credentials'), join(restored, 'credentials'))
    const copy = await startServer({ dataFolder: restored })
    try {
      const s3 = s3Client(copy, key)
      await assertObjects(s3)
      const parts = { MultipartUpload: { Parts: [{ PartNumber: 1, ETag: upload.ETag }] } }
      await s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key: 'upload', UploadId: upload.UploadId, ...parts }),
      )
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'upload' }))
      assert.equal((await Body?.transformToByteArray())?.length, PART.length)
      lugsail('store', 'verify', '--data', restored)
    } finally {
      await copy.stop()
    }
  })

  it('gets its records back beside the blobs that are there, with --only-metadata, and tells which blobs are not', async () => {
    const [only, without] = [join(folder, 'only'), join(folder, 'without')]
    mkdirSync(join(only, 'store'), { recursive: true })
    cpSync(join(restored, 'store', 'blobs'), join(only, 'store', 'blobs'), { recursive: true })
    assert.match(runServerCommand('store', 'restore', target, '--data', only).stderr, /has blobs already/)
    lugsail('store', 'restore', target, '--data', only, '--only-metadata')
    cpSync(join(data, 'master.key'), join(only, 'master.key'))
    cpSync(join(data, 'credentials'), join(only, 'credentials'))
    const copy = await startServer({ dataFolder: only })
    try {
      await assertObjects(s3Client(copy, key))
      lugsail('store', 'verify', '--data', only)
    } finally {
      await copy.stop()
    }
    const bare = runServerCommand('store', 'restore', target, '--data', without, '--only-metadata')
    assert.equal(bare.status, 1)
    assert.match(bare.stdout, /blob \S+ is missing: it is not in the store/)
  })

  it('refuses to restore over a store, and a second time into one that servers use', () => {
    const again = runServerCommand('store', 'restore', target, '--data', restored)
    assert.equal(again.status, 2)
    assert.match(again.stderr, /the store is not empty/)
    const used = runServerCommand('store', 'restore', target, '--data', data)
    assert.equal(used.status, 1)
    assert.match(used.stderr, /another server runs/)
  })

  it('gets one bucket back beside its requests, with the key that it had', async () => {
    const taken = runServerCommand('store', 'restore', target, '--data', data, '--bucket', Bucket)
    assert.equal(taken.status, 2)
    assert.match(taken.stderr, /the store has a bucket photos/)
    const lightsail = lightsailClient(server)
    await lightsail.send(new DeleteBucketCommand({ bucketName: Bucket, forceDelete: true }))
    const report = lugsail('store', 'restore', target, '--data', data, '--bucket', Bucket)
    assert.ok(JSON.stringify(report).includes(key?.accessKeyId ?? '?'))
    await assertObjects(s3Client(server, key))
    const { buckets = [] } = await lightsail.send(new GetBucketsCommand({ bucketName: Bucket }))
    assert.equal(buckets[0]?.objectVersioning, 'Enabled')
    await s3Client(server, key).send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'new' }))
    lugsail('store', 'verify', '--data', data)
    const missing = runServerCommand('store', 'restore', target, '--data', data, '--bucket', 'nobody')
    assert.match(missing.stderr, /there is no bucket nobody/)
  })
})

async function assertObjects(s3: S3Client): Promise<void> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'versions' }))
  const bodies: string[] = []
  for (const { VersionId } of Versions) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'versions', VersionId }))
    bodies.push((await Body?.transformToString()) ?? '')
  }
  assert.deepEqual(bodies, [LARGE, 'newer', 'older'])
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'plain' }))
  assert.equal(await Body?.transformToString(), LARGE)
}
