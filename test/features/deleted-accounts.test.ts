import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import { deleteAccount } from '../../src/service/accounts/delete-account.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { createServiceContext } from '../../src/service/create-context.ts'
import { addResource } from '../../src/service/resources/add-resource.ts'
import { isDomainError } from '../../src/service/errors/domain-error.ts'
import { accountKey, bucketIndexRange, resourcesRange } from '../../src/service/keyspace.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { memoryContext } from '../memory-context.ts'
import { beginDownload, putParts } from '../robustness/slow-download.ts'
import { startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

const region = 'us-east-1'
const Bucket = 'shared'
const BODY = randomBytes(100_000)

describe('the deletion of an account that writes to another one’s bucket', () => {
  let server: FeatureServer
  let owner: FeatureAccount
  let accounts = 0

  before(async () => {
    server = await startFeatureServer({ 'new-bucket-defaults': 'legacy' })
    owner = await server.createAccount('owner')
    await owner.s3.send(new CreateBucketCommand({ Bucket }))
    const Statement = [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:PutObject', 's3:GetObject'],
        Resource: `arn:aws:s3:::${Bucket}/*`,
      },
    ]
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await owner.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  })
  after(() => server.stop())

  const makeWriter = async () => {
    const { account, rootKey } = await createAccount(server.context, `writer ${++accounts}`)
    const remove = () => deleteAccount(server.context, account.accountId)
    return { s3: server.s3(rootKey), rootKey, remove }
  }
  const keysStored = async () =>
    ((await owner.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions ?? []).map(({ Key }) => Key)

  it('lets nothing be stored that is still on its way', async () => {
    const { rootKey, remove } = await makeWriter()
    const client = new SignedClient({ endpoint: server.endpoint, region }, rootKey)
    const headers = { 'content-length': String(BODY.length) }
    const upload = client.beginS3({ method: 'PUT', path: `/${Bucket}/late`, headers, body: BODY })
    await upload.write(BODY.subarray(0, 50_000))
    await remove()
    const { status, body } = await upload.end(BODY.subarray(50_000))
    assert.equal(status, 403)
    assert.match(body.toString(), /InvalidAccessKeyId/)
    assert.equal((await keysStored()).includes('late'), false)
    client.close()
  })

  it('leaves uploads that it began to the owner, who sees and aborts them', async () => {
    const { s3, remove } = await makeWriter()
    const place = { Bucket, Key: 'begun' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
    const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: BODY }))
    await remove()
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    await assert.rejects(
      s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload })),
      {
        name: 'InvalidAccessKeyId',
      },
    )
    const { Uploads = [] } = await owner.s3.send(new ListMultipartUploadsCommand({ Bucket }))
    assert.deepEqual(
      Uploads.map((upload) => upload.UploadId),
      [UploadId],
    )
    const { Parts = [] } = await owner.s3.send(new ListPartsCommand({ ...place, UploadId }))
    assert.equal(Parts.length, 1)
    await owner.s3.send(new AbortMultipartUploadCommand({ ...place, UploadId }))
    assert.equal((await owner.s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads, undefined)
  })

  it('leaves its objects, which are listed and may be deleted', async () => {
    const { s3, remove } = await makeWriter()
    await s3.send(new PutObjectCommand({ Bucket, Key: 'left', Body: BODY }))
    await remove()
    assert.ok((await keysStored()).includes('left'))
    await owner.s3.send(new DeleteObjectCommand({ Bucket, Key: 'left' }))
    assert.equal((await keysStored()).includes('left'), false)
  })

  it('lets what it reads be read to the end, also of its own bucket', async () => {
    const { account, rootKey } = await createAccount(server.context, 'reader')
    const reader = server.s3(rootKey)
    const bytes = await putParts(owner.s3, Bucket, 'read', 3)
    const others = await beginDownload(reader, { Bucket, Key: 'read' }, { bytes })
    await reader.send(new CreateBucketCommand({ Bucket: 'own' }))
    const ownBytes = await putParts(reader, 'own', 'read', 3)
    const own = await beginDownload(reader, { Bucket: 'own', Key: 'read' }, { bytes: ownBytes })
    await assert.rejects(deleteAccount(server.context, account.accountId), { kind: 'AccountOwnsBuckets' })
    const lightsail = new SignedClient({ endpoint: server.endpoint, region }, rootKey)
    const removed = await lightsail.lightsail('DeleteBucket', { bucketName: 'own', forceDelete: true })
    assert.equal(removed.status, 200, removed.body.toString())
    lightsail.close()
    await deleteAccount(server.context, account.accountId)
    await server.pass(10 * 60_000)
    await others.finish()
    await own.finish()
  })

  it('that is refused takes nothing away', async () => {
    const { account } = await createAccount(server.context, 'again')
    const { accountId } = account
    await createBucket(server.context, { accountId, region }, { bucketName: 'agains', bundleId: 'small_1_0' })
    await addResource(server.context, { accountId, region }, 'web')
    await assert.rejects(deleteAccount(server.context, 'again'), { kind: 'AccountOwnsBuckets' })
    const resources = await server.context.metadata.scan({ ...resourcesRange(accountId), limit: 1 })
    assert.equal(resources.length, 1, 'a refused deletion takes nothing away')
  })
})

describe('the deletion of an account beside the making of its buckets and resources', () => {
  it('leaves no bucket and no resource without an account', async () => {
    const context = memoryContext()
    // Takes no turns with the first, as another process does not.
    const another = createServiceContext(context)
    for (let round = 0; round < 50; round++) {
      const { account } = await createAccount(context, `racing ${round}`)
      const { accountId } = account
      const caller = { accountId, region }
      const outcomes = await Promise.allSettled([
        deleteAccount(another, accountId),
        round % 2 === 0
          ? createBucket(context, caller, { bucketName: `racing-${round}`, bundleId: 'small_1_0' })
          : addResource(context, caller, 'web'),
        round % 3 === 0 ? deleteAccount(context, accountId) : Promise.resolve(),
      ])
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') assert.ok(isDomainError(outcome.reason), String(outcome.reason))
      const [isThere] = await context.metadata.getMany([accountKey(accountId)])
      for (const range of [bucketIndexRange(accountId), resourcesRange(accountId)])
        if (!isThere)
          assert.deepEqual(await context.metadata.scan({ ...range, limit: 1 }), [], `round ${round}`)
    }
  })
})
