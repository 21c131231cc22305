import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketAccessKeyCommand,
  DeleteBucketCommand,
  GetBucketAccessKeysCommand,
  GetBucketMetricDataCommand,
  GetBucketsCommand,
  GetOperationCommand,
  GetOperationsCommand,
  GetOperationsForResourceCommand,
  SetResourceAccessForBucketCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateBucketBundleCommand,
  UpdateBucketCommand,
} from '@aws-sdk/client-lightsail'
import {
  DeleteObjectCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { rotateRootKey } from '../../src/service/accounts/rotate-root-key.ts'
import { addResource } from '../../src/service/resources/add-resource.ts'
import { startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

describe('accounts', () => {
  let server: FeatureServer
  let owner: FeatureAccount
  let stranger: FeatureAccount
  const bucketName = 'mine'
  const Bucket = bucketName

  before(async () => {
    server = await startFeatureServer()
    owner = await server.createAccount('owner')
    stranger = await server.createAccount('stranger')
    const tags = [{ key: 'secret', value: 'plan' }]
    await owner.lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0', tags }))
    await owner.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1' }))
  })
  after(() => server.stop())

  it('cannot tell another account’s bucket from one that does not exist, whatever they ask', async () => {
    const { accessKey } = await owner.lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }))
    const accessKeyId = accessKey?.accessKeyId
    const range = { startTime: new Date(0), endTime: new Date(86_400_000), period: 86_400 }
    const metric = { metricName: 'NumberOfObjects', unit: 'Count' } as const
    const statistics: ['Sum'] = ['Sum']
    const send = (name: string) => [
      stranger.lightsail.send(new GetBucketsCommand({ bucketName: name })),
      stranger.lightsail.send(new UpdateBucketCommand({ bucketName: name, versioning: 'Enabled' })),
      stranger.lightsail.send(new UpdateBucketBundleCommand({ bucketName: name, bundleId: 'large_1_0' })),
      stranger.lightsail.send(new DeleteBucketCommand({ bucketName: name, forceDelete: true })),
      stranger.lightsail.send(new CreateBucketAccessKeyCommand({ bucketName: name })),
      stranger.lightsail.send(new GetBucketAccessKeysCommand({ bucketName: name })),
      stranger.lightsail.send(new DeleteBucketAccessKeyCommand({ bucketName: name, accessKeyId })),
      stranger.lightsail.send(
        new GetBucketMetricDataCommand({ bucketName: name, ...metric, ...range, statistics }),
      ),
      stranger.lightsail.send(new TagResourceCommand({ resourceName: name, tags: [{ key: 'k' }] })),
      stranger.lightsail.send(new UntagResourceCommand({ resourceName: name, tagKeys: ['secret'] })),
    ]
    const outcomesOf = async (name: string) =>
      (await Promise.allSettled(send(name))).map((outcome) => {
        assert.ok(outcome.status === 'rejected')
        const { name: code, message } = outcome.reason as Error
        return [code, message.replaceAll(name, 'NAME')]
      })
    const outcomes = await outcomesOf(bucketName)
    assert.deepEqual(outcomes, await outcomesOf('none'))
    assert.deepEqual([...new Set(outcomes.map(([code]) => code))], ['NotFoundException'])
    const { accessKeys } = await owner.lightsail.send(new GetBucketAccessKeysCommand({ bucketName }))
    assert.equal(accessKeys?.length, 1)
  })

  it('see no operation records, buckets or tags of one another', async () => {
    const { operations = [] } = await owner.lightsail.send(new GetOperationsCommand({}))
    assert.ok(operations.length > 0)
    const seen = await stranger.lightsail.send(new GetOperationsCommand({}))
    assert.deepEqual(seen.operations, [])
    const ofResource = new GetOperationsForResourceCommand({ resourceName: bucketName })
    const foreign = await stranger.lightsail.send(ofResource).catch((error: unknown) => error as Error)
    if (!(foreign instanceof Error)) assert.deepEqual(foreign.operations, [])
    for (const { id } of operations)
      await assert.rejects(stranger.lightsail.send(new GetOperationCommand({ operationId: id })), {
        name: 'NotFoundException',
      })
    assert.deepEqual((await stranger.lightsail.send(new GetBucketsCommand({}))).buckets, [])
    assert.deepEqual((await stranger.s3.send(new ListBucketsCommand({}))).Buckets ?? [], [])
  })

  it('open no bucket of one another through S3', async () => {
    const attempts = [
      () => stranger.s3.send(new ListObjectsV2Command({ Bucket })),
      () => stranger.s3.send(new GetObjectCommand({ Bucket, Key: 'a' })),
      () => stranger.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '2' })),
      () => stranger.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' })),
      () => stranger.s3.send(new GetBucketTaggingCommand({ Bucket })),
      () => stranger.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })),
    ]
    for (const attempt of attempts) await assert.rejects(attempt(), { name: 'AccessDenied' })
  })

  it('have no use of a root key that was rotated, at once', async () => {
    const account = await server.createAccount('rotating')
    await account.lightsail.send(new GetBucketsCommand({}))
    const { pair } = await rotateRootKey(server.context, account.accountId, { retireInSeconds: 0 })
    await assert.rejects(account.lightsail.send(new GetBucketsCommand({})), {
      name: 'UnrecognizedClientException',
    })
    await assert.rejects(account.s3.send(new ListBucketsCommand({})), { name: 'InvalidAccessKeyId' })
    await server.s3(pair).send(new ListBucketsCommand({}))
  })

  it('give a resource of theirs all of a bucket, and take it away at once', async () => {
    const web = server.s3(await addWeb(owner.accountId))
    const put = () => web.send(new PutObjectCommand({ Bucket, Key: 'web', Body: 'w' }))
    const set = (access: 'allow' | 'deny') =>
      owner.lightsail.send(new SetResourceAccessForBucketCommand({ resourceName: 'web', bucketName, access }))
    await assert.rejects(put(), { name: 'AccessDenied' })
    await set('allow')
    await put()
    await web.send(new ListObjectsV2Command({ Bucket }))
    await web.send(new DeleteObjectCommand({ Bucket, Key: 'web' }))
    await assert.rejects(web.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })), {
      name: 'AccessDenied',
    })
    await set('deny')
    await assert.rejects(put(), { name: 'AccessDenied' })
    await assert.rejects(web.send(new GetObjectCommand({ Bucket, Key: 'a' })), { name: 'AccessDenied' })
  })

  it('cannot attach a resource of another account, even of the same name', async () => {
    const foreign = server.s3(await addWeb(stranger.accountId))
    const attach = { resourceName: 'web', bucketName, access: 'allow' } as const
    await owner.lightsail.send(new SetResourceAccessForBucketCommand(attach))
    await assert.rejects(foreign.send(new GetObjectCommand({ Bucket, Key: 'a' })), { name: 'AccessDenied' })
  })

  const addWeb = async (accountId: string) => {
    const { key } = await addResource(server.context, { accountId, region: 'us-east-1' }, 'web')
    return key
  }
})
