import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import { rotateRootKey } from '../../src/service/accounts/rotate-root-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { lastUsedKey } from '../../src/service/keyspace.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { startFeatureServer, type FeatureServer } from './feature-server.ts'
import { tryAllWays } from './ways-in.ts'

const bucketName = 'switched-bucket'
const region = 'us-east-1'
const BODY = randomBytes(100_000)

describe('an access key of a bucket that is switched off', () => {
  let server: FeatureServer
  let s3: S3Client
  let root: SignedClient
  let key: { readonly accessKeyId: string; readonly secretAccessKey: string }

  before(async () => {
    server = await startFeatureServer()
    const { rootKey } = await createAccount(server.context, 'switching')
    s3 = server.s3(rootKey)
    root = new SignedClient({ endpoint: server.endpoint, region }, rootKey)
    await root.lightsail('CreateBucket', { bucketName, bundleId: 'small_1_0' })
    const made = await root.lightsail('CreateBucketAccessKey', { bucketName })
    const { accessKey } = JSON.parse(made.body.toString()) as { accessKey: typeof key }
    key = accessKey
    await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: 'a.txt', Body: 'a' }))
  })
  after(async () => {
    root.close()
    await server.stop()
  })

  const setStatus = async (status: string) =>
    await root.lugsail('UpdateAccessKey', { bucketName, accessKeyId: key.accessKeyId, status })
  const ways = () =>
    tryAllWays(server.endpoint, key, { bucket: bucketName, key: 'a.txt', nowMs: server.clock.now() })

  it('is let in by nothing, and told why, until it is switched on again', async () => {
    const changed = await setStatus('Inactive')
    const { accessKey, operations } = JSON.parse(changed.body.toString()) as {
      accessKey: Record<string, unknown>
      operations: { operationDetails: string }[]
    }
    assert.equal(accessKey['status'], 'Inactive')
    assert.equal(accessKey['secretAccessKey'], undefined)
    assert.deepEqual(
      operations.map(({ operationDetails }) => operationDetails),
      [`${key.accessKeyId}: Inactive`],
    )
    for (const [way, { status, text }] of Object.entries(await ways())) {
      assert.equal(status, 403, `${way}: ${text}`)
      assert.match(text, /InvalidAccessKeyId|UnrecognizedClientException|InvalidClientTokenId/, way)
      assert.match(text, /The AWS Access Key Id you provided is inactive\./, way)
    }
    await setStatus('Active')
    const { 'a signed header': header, 'a form': form, STS: sts } = await ways()
    assert.deepEqual([header?.status, form?.status, sts?.status], [200, 204, 200])
  })

  it('is shown as Inactive by Lightsail’s own operation', async () => {
    await setStatus('Inactive')
    const listed = await root.lightsail('GetBucketAccessKeys', { bucketName })
    assert.match(listed.body.toString(), /"status":"Inactive"/)
    await setStatus('Active')
    const again = await root.lightsail('GetBucketAccessKeys', { bucketName })
    assert.match(again.body.toString(), /"status":"Active"/)
  })

  it('stores nothing of what it had begun', async () => {
    const client = new SignedClient({ endpoint: server.endpoint, region }, key)
    const headers = { 'content-length': String(BODY.length) }
    const upload = client.beginS3({ method: 'PUT', path: `/${bucketName}/late`, headers, body: BODY })
    await upload.write(BODY.subarray(0, 50_000))
    await setStatus('Inactive')
    const { status, body } = await upload.end(BODY.subarray(50_000))
    assert.equal(status, 403)
    assert.match(body.toString(), /InvalidAccessKeyId.*is inactive/s)
    await assert.rejects(s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: 'late' })), {
      name: 'NotFound',
    })
    await setStatus('Active')
    client.close()
  })

  it('is switched by nobody but its account, and only by its own bucket', async () => {
    const { rootKey } = await createAccount(server.context, 'stranger')
    const stranger = new SignedClient({ endpoint: server.endpoint, region }, rootKey)
    const change = { bucketName, accessKeyId: key.accessKeyId, status: 'Inactive' }
    for (const { status, body } of [
      await stranger.lugsail('UpdateAccessKey', change),
      await root.lugsail('UpdateAccessKey', { ...change, accessKeyId: rootKey.accessKeyId }),
    ]) {
      assert.equal(status, 400)
      assert.match(body.toString(), /NotFoundException/)
    }
    const misspelt = await root.lugsail('UpdateAccessKey', { ...change, status: 'Off' })
    assert.match(misspelt.body.toString(), /InvalidInputException.*enum value set: \[Active, Inactive\]/)
    stranger.close()
  })
})

describe('an access key whose time is over', () => {
  let server: FeatureServer
  before(async () => {
    server = await startFeatureServer()
  })
  after(() => server.stop())

  it('is let in by nothing, told since when, and stores nothing of what it had begun', async () => {
    const { account, rootKey: old } = await createAccount(server.context, 'rotating')
    const client = new SignedClient({ endpoint: server.endpoint, region }, old)
    const caller = { accountId: account.accountId, region }
    await createBucket(server.context, caller, { bucketName, bundleId: 'small_1_0' })
    const { pair } = await rotateRootKey(server.context, account.accountId, { retireInSeconds: 60 })
    const headers = { 'content-length': String(BODY.length) }
    const upload = client.beginS3({ method: 'PUT', path: `/${bucketName}/late`, headers, body: BODY })
    await upload.write(BODY.subarray(0, 50_000))
    const endsAt = new Date(server.clock.now() + 60_000).toISOString()
    // Its use is noted once it was let in.
    const wasUsed = async () => (await server.context.metadata.getMany([lastUsedKey(old.accessKeyId)]))[0]
    while (!(await wasUsed())) await setImmediate()
    server.clock.advance(60_000)
    const { status, body } = await upload.end(BODY.subarray(50_000))
    assert.equal(status, 403)
    assert.match(body.toString(), new RegExp(`InvalidAccessKeyId.*expired at ${endsAt}`, 's'))
    const object = { bucket: bucketName, key: 'late', nowMs: server.clock.now() }
    for (const [way, { status: refused, text }] of Object.entries(
      await tryAllWays(server.endpoint, old, object),
    )) {
      assert.equal(refused, 403, way)
      assert.match(text, new RegExp(`The AWS Access Key Id you provided expired at ${endsAt}`), way)
    }
    const next = await server
      .s3(pair)
      .send(new HeadObjectCommand({ Bucket: bucketName, Key: 'late' }))
      .catch((error: unknown) => (error as Error).name)
    assert.equal(next, 'NotFound')
    client.close()
  })
})
