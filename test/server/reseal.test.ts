import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { CreateBucketAccessKeyCommand, CreateBucketCommand, type AccessKey } from '@aws-sdk/client-lightsail'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { mintMasterKey } from '../../src/service/secrets/master-keys.ts'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { runServerCommand as lugsail } from '../harness/server-command.ts'
import { SignedClient } from '../harness/signed-client.ts'

const Bucket = 'sealed'
const ServerSideEncryption = 'AES256'

describe('lugsail store reseal', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lugsail-reseal-'))
  const keyFile = join(dataFolder, 'master.key')
  const onData = ['--data', dataFolder, '--output', 'json']
  let server: RunningServer
  let key: AccessKey | undefined
  let oldKey = ''
  let UploadId: string | undefined
  after(async () => {
    await server.kill()
    rmSync(dataFolder, { recursive: true, force: true })
  })

  before(async () => {
    server = await startServer({ dataFolder })
    const lightsail = lightsailClient(server)
    await lightsail.send(new CreateBucketCommand({ bucketName: Bucket, bundleId: 'small_1_0' }))
    key = (await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName: Bucket }))).accessKey
    const s3 = s3Client(server)
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    for (const Body of ['older', 'newer'])
      await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body, ServerSideEncryption }))
    await s3.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'not encrypted' }))
    const upload = { Bucket, Key: 'upload', ServerSideEncryption } as const
    UploadId = (await s3.send(new CreateMultipartUploadCommand(upload))).UploadId
    await server.stop()

    oldKey = readFileSync(keyFile, 'utf8')
    appendFileSync(keyFile, `${mintMasterKey()}\n`)
    server = await startServer({ dataFolder })
  })

  it('seals every secret anew while a server runs, and an upload in flight goes on with its key', async () => {
    const { accessKeyId = '', secretAccessKey = '' } = key ?? {}
    const client = new SignedClient(server, { accessKeyId, secretAccessKey })
    const headers = { 'content-length': '200000' }
    const open = client.beginS3({ method: 'PUT', path: `/${Bucket}/in-flight`, headers })
    await open.write(Buffer.alloc(100_000))
    const { status, stdout, stderr } = lugsail('store', 'reseal', ...onData)
    assert.equal(status, 0, stderr)
    assert.deepEqual(JSON.parse(stdout), { reseal: { accessKeys: 2, objects: 2, uploads: 1, damaged: [] } })
    assert.equal((await open.end(Buffer.alloc(100_000))).status, 200)
    client.close()
  })

  it('has nothing to do when it is called again', () => {
    const { stdout } = lugsail('store', 'reseal', ...onData)
    assert.deepEqual(JSON.parse(stdout), { reseal: { accessKeys: 0, objects: 0, uploads: 0, damaged: [] } })
  })

  it('lets the old master key go: keys, objects, versions and uploads work with the new one alone', async () => {
    await server.stop()
    writeFileSync(keyFile, readFileSync(keyFile, 'utf8').replace(oldKey, ''))
    server = await startServer({ dataFolder })
    const s3 = s3Client(server, key)
    for (const [Key, body] of [
      ['k', 'newer'],
      ['plain', 'not encrypted'],
    ] as const) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
      assert.equal(await Body?.transformToString(), body)
    }
    const upload = { Bucket, Key: 'upload', UploadId }
    const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'part' }))
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }))
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'upload' }))
    assert.equal(await Body?.transformToString(), 'part')
  })

  it('leaves a store that does not open with the old key alone, and says which key it needs', async () => {
    await server.stop()
    const newKey = readFileSync(keyFile, 'utf8')
    writeFileSync(keyFile, oldKey)
    const { status, stderr } = lugsail('serve', '--data', dataFolder, '--listen', '127.0.0.1:0')
    assert.equal(status, 2)
    assert.match(
      stderr,
      /masterKey: the secrets in this store are sealed under another master key \([0-9a-f]{8}\)/,
    )
    writeFileSync(keyFile, newKey)
  })
})
