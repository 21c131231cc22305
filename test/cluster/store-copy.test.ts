import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startServer } from '../harness/server.ts'
import { runServerCommand } from '../harness/server-command.ts'
import { startBlobServer, type BlobServer } from './gateways.ts'
import { missingPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'

describe('lugsail store copy', { skip: missingPostgres() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-copy-'))
  let postgres: PostgresServer
  let blobServer: BlobServer
  before(async () => {
    postgres = await startPostgres()
    blobServer = await startBlobServer()
  })
  after(async () => {
    await blobServer.dispose()
    await postgres.dispose()
    rmSync(folder, { recursive: true })
  })

  const clientOf = (server: {
    endpoint: string
    credentials: { accessKeyId: string; secretAccessKey: string }
  }) => new S3Client({ ...server, region: 'us-east-1', forcePathStyle: true })
  const store = (...args: string[]) => {
    const { status, stdout, stderr } = runServerCommand('store', ...args)
    return { status, output: stdout + stderr }
  }

  /** What the audit log of a data folder says of the server's commands. */
  const auditedIn = (dataFolder: string) =>
    readFileSync(join(dataFolder, 'audit.log'), 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { operation: string; outcome: string; details?: Record<string, string> },
      )
      .map(({ operation, outcome, details: { from, to } = {} }) => ({
        operation,
        outcome,
        ...(from !== undefined && { from }),
        ...(to !== undefined && operation === 'store copy' && { to }),
      }))

  it('moves a store from LMDB and files to PostgreSQL and S3 and back, and everything still opens', async () => {
    const [first, last] = [join(folder, 'first'), join(folder, 'last')]
    const bodies = new Map(
      [10, 50_000, 3_000_000].map((size) => [`object of ${size}`, Buffer.alloc(size, 'lugsail')]),
    )
    const source = await startServer({ dataFolder: first })
    const client = clientOf(source)
    await client.send(new CreateBucketCommand({ Bucket: 'moved' }))
    for (const [key, body] of bodies)
      await client.send(new PutObjectCommand({ Bucket: 'moved', Key: key, Body: body }))
    await source.stop()
    client.destroy()

    const { accessKeyId, secretAccessKey } = blobServer
    const blobClient = clientOf({ endpoint: blobServer.endpoint, credentials: blobServer })
    await blobClient.send(new CreateBucketCommand({ Bucket: 'blobs' }))
    blobClient.destroy()
    const metadata = `${postgres.url}?schema=copied`
    const login = [accessKeyId, secretAccessKey].map(encodeURIComponent).join(':')
    const place = `${metadata} s3://${login}@blobs?endpoint=${encodeURIComponent(blobServer.endpoint)}`
    const operator = join(folder, 'operator')
    const migrated = store('migrate', `--metadata=${metadata}`, `--data=${operator}`)
    assert.equal(migrated.status, 0, migrated.output)
    assert.deepEqual(auditedIn(operator), [{ operation: 'store migrate', from: '0', outcome: 'succeeded' }])

    const there = store('copy', first, place)
    assert.equal(there.status, 0, there.output)
    assert.match(there.output, /Differences +0/)
    assert.ok(!there.output.includes(secretAccessKey))
    const back = store('copy', place, last)
    assert.equal(back.status, 0, back.output)
    const again = store('copy', first, place)
    assert.equal(again.status, 0, again.output)
    const [urls, copied] = ['postgres: s3:', { operation: 'store copy', outcome: 'succeeded' }]
    const twice = { ...copied, from: first, to: urls }
    assert.deepEqual(
      auditedIn(first).filter(({ operation }) => operation === 'store copy'),
      [twice, twice],
    )
    assert.deepEqual(auditedIn(last), [{ ...copied, from: urls, to: last }])
    assert.match(again.output, /only compared\.\nBlobs copied +0 .*\n.*\n.*\nDamaged +0\nDifferences +0/)

    for (const name of ['master.key', 'credentials']) copyFileSync(join(first, name), join(last, name))
    const verified = store('verify', `--data=${last}`)
    assert.equal(verified.status, 0, verified.output)
    assert.match(verified.output, /Bodies read +3\nProblems +0/)
    const target = await startServer({ dataFolder: last })
    const reader = clientOf(target)
    for (const [key, body] of bodies) {
      const got = await reader.send(new GetObjectCommand({ Bucket: 'moved', Key: key }))
      assert.ok(body.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0)), key)
    }
    reader.destroy()
    await target.stop()
  })
})
