import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { deleteAccessKey } from '../../src/service/access-keys/delete-access-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { updateBucket } from '../../src/service/buckets/update-bucket.ts'
import { startServer, type TestServer } from './start-server.ts'

const REGION = 'eu-west-1'
const BUCKET = 'lightsail-bucket'

let server: TestServer
let caller: { accountId: string; region: string }
const clients: S3Client[] = []

before(async () => {
  server = await startServer()
  const { account } = await server.createAccount('keys')
  caller = { accountId: account.accountId, region: REGION }
  for (const bucketName of [BUCKET, 'other-bucket'])
    await createBucket(server.context, caller, { bucketName, bundleId: 'small_1_0' })
})

after(async () => {
  for (const client of clients) client.destroy()
  await server.stop()
})

async function bucketKey() {
  const { accessKey, secretAccessKey } = await createAccessKey(server.context, caller, BUCKET)
  const { accessKeyId } = accessKey
  const client = new S3Client({
    endpoint: server.url,
    region: REGION,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
  clients.push(client)
  return { client, accessKeyId }
}

const failsWith = (name: string) => (error: unknown) =>
  error instanceof S3ServiceException && error.name === name

describe('a bucket access key', () => {
  it('learns that its own bucket is there when a client makes it to be sure, and makes no other', async () => {
    const { client } = await bucketKey()
    const make = (Bucket: string) => client.send(new CreateBucketCommand({ Bucket }))
    await assert.rejects(make(BUCKET), failsWith('BucketAlreadyOwnedByYou'))
    await assert.rejects(make('other-bucket'), failsWith('AccessDenied'))
    await assert.rejects(make('new-bucket'), failsWith('AccessDenied'))
  })

  it('opens its own bucket and no other', async () => {
    const { client, accessKeyId } = await bucketKey()
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'mine', Body: 'x' }))
    assert.equal((await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount, 1)
    const shown = await client.send(new ListBucketsCommand({}))
    assert.deepEqual(
      shown.Buckets?.map(({ Name }) => Name),
      [BUCKET],
    )
    for (const refused of [
      new PutObjectCommand({ Bucket: 'other-bucket', Key: 'theirs', Body: 'x' }),
      new CreateBucketCommand({ Bucket: 'new-bucket' }),
      new DeleteBucketCommand({ Bucket: BUCKET }),
    ])
      await assert.rejects(client.send(refused as PutObjectCommand), failsWith('AccessDenied'))
    const lastUses = await server.context.accessKeyUses.read([accessKeyId])
    assert.equal(lastUses.get(accessKeyId)?.serviceName, 's3')
    await deleteAccessKey(server.context, caller, BUCKET, accessKeyId)
  })

  it('stops at once when it is deleted', async () => {
    const { client, accessKeyId } = await bucketKey()
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'before', Body: 'x' }))
    await deleteAccessKey(server.context, caller, BUCKET, accessKeyId)
    await assert.rejects(
      client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'before' })),
      failsWith('InvalidAccessKeyId'),
    )
  })
})

describe('an anonymous read', () => {
  const cases = [
    ['private', false, 'private', 403],
    ['private', false, 'public-read', 403],
    ['private', true, 'private', 403],
    ['private', true, 'public-read', 200],
    ['public', false, 'private', 200],
    ['public', true, 'public-read', 200],
  ] as const
  for (const [getObject, allowPublicOverrides, ACL, status] of cases)
    it(`of a ${ACL} object in a ${getObject} bucket ${allowPublicOverrides ? 'with' : 'without'} overrides gives ${status}`, async () => {
      const setRules = (accessRules: { getObject?: 'public' | 'private'; allowPublicOverrides: boolean }) =>
        updateBucket(server.context, caller, { bucketName: BUCKET, accessRules })
      const { client, accessKeyId } = await bucketKey()
      await setRules({ allowPublicOverrides: true })
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'shown', Body: 'x', ACL }))
      await setRules({ getObject, allowPublicOverrides })
      const response = await fetch(`${server.url}/${BUCKET}/shown`)
      assert.equal(response.status, status)
      const listing = await fetch(`${server.url}/${BUCKET}`)
      assert.equal(listing.status, 403)
      await Promise.all([response.arrayBuffer(), listing.arrayBuffer()])
      await deleteAccessKey(server.context, caller, BUCKET, accessKeyId)
    })
})
