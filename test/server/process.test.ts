import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, afterEach, describe, it } from 'node:test'
import { CreateBucketCommand } from '@aws-sdk/client-lightsail'
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { exchangeBytes } from '../harness/raw-connection.ts'
import { startServer, type RunningServer, type StartOptions } from '../harness/server.ts'
import { runServerCommand as lugsail } from '../harness/server-command.ts'
import { until } from '../harness/until.ts'

const folders: string[] = []
const servers: RunningServer[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-process-'))
  folders.push(folder)
  return folder
}
const start = async (options: StartOptions): Promise<RunningServer> => {
  const server = await startServer(options)
  servers.push(server)
  return server
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

describe('lugsail serve', () => {
  it('keeps the root key pair in a private file and shows its secret nowhere but on a terminal', async () => {
    const server = await start({})
    const file = join(server.dataFolder, 'credentials')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(statSync(join(server.dataFolder, 'master.key')).mode & 0o777, 0o600)
    assert.match(server.output(), /A first account was made/)
    assert.ok(!server.output().includes(server.credentials.secretAccessKey))
    assert.match(readFileSync(file, 'utf8'), new RegExp(`endpoint_url = ${server.endpoint}`))
  })

  it('goes on with the same account and objects after a restart and after a crash', async () => {
    const dataFolder = newFolder()
    const first = await startServer({ dataFolder })
    await lightsailClient(first).send(new CreateBucketCommand({ bucketName: 'kept', bundleId: 'small_1_0' }))
    await s3Client(first).send(new PutObjectCommand({ Bucket: 'kept', Key: 'k', Body: 'v' }))
    await first.kill()
    const second = await startServer({ dataFolder })
    assert.equal(second.credentials.accessKeyId, first.credentials.accessKeyId)
    assert.equal(await second.stop(), 0)
    const third = await start({ dataFolder })
    const { Body } = await s3Client(third).send(new GetObjectCommand({ Bucket: 'kept', Key: 'k' }))
    assert.equal(await Body?.transformToString(), 'v')
  })

  it('lets an upload in flight finish on SIGTERM, takes no other, and exits with 0', async () => {
    const dataFolder = newFolder()
    const server = await startServer({ dataFolder })
    await lightsailClient(server).send(
      new CreateBucketCommand({ bucketName: 'drain', bundleId: 'small_1_0' }),
    )
    let finish = (): void => undefined
    const released = new Promise<void>((resolve) => (finish = resolve))
    const half = 'x'.repeat(100_000)
    const body = Readable.from(
      (async function* () {
        yield half
        await released
        yield half
      })(),
    )
    const upload = s3Client(server).send(
      new PutObjectCommand({ Bucket: 'drain', Key: 'k', Body: body, ContentLength: 2 * half.length }),
    )
    await until(async () => (await metricOf(server, 'lugsail_connections')) >= 2)
    const stopped = server.stop()
    await until(() =>
      fetch(server.endpoint).then(
        () => false,
        () => true,
      ),
    )
    finish()
    await upload
    assert.equal(await stopped, 0)
    const again = await start({ dataFolder })
    const { ContentLength } = await s3Client(again).send(new GetObjectCommand({ Bucket: 'drain', Key: 'k' }))
    assert.equal(ContentLength, 2 * half.length)
  })

  it('ends at once at a second signal, whatever is in flight', async () => {
    const dataFolder = newFolder()
    const server = await startServer({ dataFolder })
    await lightsailClient(server).send(
      new CreateBucketCommand({ bucketName: 'cut-short', bundleId: 'small_1_0' }),
    )
    const body = Readable.from(
      (async function* () {
        yield 'x'.repeat(100_000)
        await new Promise<never>(() => undefined)
      })(),
    )
    const put = new PutObjectCommand({ Bucket: 'cut-short', Key: 'k', Body: body, ContentLength: 200_000 })
    const upload = s3Client(server).send(put)
    await until(async () => (await metricOf(server, 'lugsail_connections')) >= 2)
    const stopped = server.stop()
    await until(() =>
      fetch(server.endpoint).then(
        () => false,
        () => true,
      ),
    )
    await Promise.all([server.kill('SIGTERM'), assert.rejects(upload)])
    assert.equal(await stopped, null, 'ended by the signal')
  })

  it('refuses to start with a master key that is not the store’s, and with settings that are wrong', async () => {
    const dataFolder = newFolder()
    await (await startServer({ dataFolder })).stop()
    writeFileSync(join(dataFolder, 'master.key'), `${Buffer.alloc(32, 1).toString('base64')}\n`)
    const wrongKey = lugsail('serve', '--data', dataFolder, '--listen', '127.0.0.1:0')
    assert.equal(wrongKey.status, 2)
    assert.match(wrongKey.stderr, /masterKey: the secrets in this store are sealed under another master key/)
    rmSync(join(dataFolder, 'master.key'))
    const noKey = lugsail('serve', '--data', dataFolder, '--listen', '127.0.0.1:0')
    assert.equal(noKey.status, 2)
    assert.match(noKey.stderr, /master key file .* does not exist/)
    assert.equal(lugsail('serve', '--listne', 'x').status, 2)
  })

  it('says so when its port is taken', async () => {
    const server = await start({ engines: 'memory' })
    const { host } = new URL(server.endpoint)
    for (const workers of ['1', '2']) {
      const second = lugsail('serve', '--data', newFolder(), '--listen', host, '--workers', workers)
      assert.equal(second.status, 1)
      assert.match(second.stderr, /listen: another process listens on 127.0.0.1:\d+ already/)
    }
  })
})

describe('bad input', () => {
  it('leaves the server alive', async () => {
    const server = await start({ engines: 'memory' })
    for (const bytes of [
      'NONSENSE\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
      'PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      'PUT /b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      'GET /%ff%fe/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'GET //////?&&&=%&X-Amz-Signature=%% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Lightsail_20161128.__proto__\r\nContent-Length: 1\r\nConnection: close\r\n\r\n{',
    ]) {
      const answer = await exchangeBytes(server.endpoint, bytes)
      assert.match(answer, /^HTTP\/1.1 4\d\d /, `${bytes.slice(0, 60)} → ${answer.slice(0, 200)}`)
    }
    const answer = await postBody(server.endpoint, 64 * 1024 * 1024)
    assert.ok(answer === 'cut' || (answer >= 400 && answer < 500), String(answer))
    await s3Client(server).send(new ListBucketsCommand({}))
    assert.doesNotMatch(server.log(), /"level":"error"/)
  })
})

describe('commands on the store', () => {
  it('keep accounts while a server runs on it', async () => {
    const server = await start({})
    const on = ['--data', server.dataFolder, '--output', 'json']
    const created = JSON.parse(lugsail('account', 'create', 'bob', ...on).stdout) as {
      account: { accountId: string; accessKeyId: string }
      secretAccessKey: string
    }
    const bob = { accessKeyId: created.account.accessKeyId, secretAccessKey: created.secretAccessKey }
    const { Buckets } = await s3Client(server, bob).send(new ListBucketsCommand({}))
    assert.deepEqual(Buckets ?? [], [])

    const taken = lugsail('account', 'create', 'bob', ...on)
    assert.equal(taken.status, 1)
    assert.match(taken.stderr, /exists already \(InvalidInputException\)/)

    lugsail('account', 'rotate', 'bob', ...on)
    await assert.rejects(s3Client(server, bob).send(new ListBucketsCommand({})), {
      name: 'InvalidAccessKeyId',
    })
    assert.match(lugsail('account', 'list', '--data', server.dataFolder).stdout, /^\d{12} {2}bob/m)
    assert.equal(lugsail('account', 'delete', 'bob', ...on).status, 0)
    assert.doesNotMatch(lugsail('account', 'list', ...on).stdout, /bob/)
  })

  it('keep resources, and the rotated root key pair in the credentials file', async () => {
    const server = await start({})
    const on = ['--data', server.dataFolder]
    const added = lugsail('resource', 'add', 'web-1', ...on)
    assert.match(added.stdout, /^Secret access key {2}\S{40}$/m)
    assert.match(lugsail('resource', 'list', ...on).stdout, /^web-1 +us-east-1 +Instance/m)
    assert.equal(lugsail('resource', 'delete', 'web-1', ...on).status, 0)

    lugsail('account', 'rotate', 'default', ...on)
    const file = readFileSync(join(server.dataFolder, 'credentials'), 'utf8')
    assert.ok(!file.includes(server.credentials.accessKeyId))
    assert.ok(file.includes(`endpoint_url = ${server.endpoint}`))
  })

  it('refuse a folder without a store instead of making one', () => {
    const { status, stderr } = lugsail('account', 'list', '--data', newFolder())
    assert.equal(status, 2)
    assert.match(stderr, /there is no store in/)
  })
})

async function metricOf(server: RunningServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.endpoint}/-/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

/**
 * Posts so many bytes to the control plane; resolves with the status, however early it came, or with `cut` when the connection was closed
 * under a body that nobody wanted before the client had read the response.
 */
function postBody(endpoint: string, sizeBytes: number): Promise<number | 'cut'> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'Lightsail_20161128.GetBuckets', 'content-length': sizeBytes },
    })
    request.on('response', (response) => {
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET') resolve('cut')
      else reject(error)
    })
    Readable.from(
      (function* () {
        const piece = Buffer.alloc(1024 * 1024)
        for (let sent = 0; sent < sizeBytes; sent += piece.length) yield piece
      })(),
    ).pipe(request)
  })
}
