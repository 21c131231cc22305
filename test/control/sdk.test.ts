import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketAccessKeyCommand,
  DeleteBucketCommand,
  GetBucketAccessKeysCommand,
  GetBucketBundlesCommand,
  GetBucketMetricDataCommand,
  GetBucketsCommand,
  GetOperationCommand,
  GetOperationsCommand,
  GetOperationsForResourceCommand,
  InvalidInputException,
  NotFoundException,
  SetResourceAccessForBucketCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateBucketBundleCommand,
  UpdateBucketCommand,
} from '@aws-sdk/client-lightsail'
import type { LightsailClient } from '@aws-sdk/client-lightsail'
import { addResource } from '../../src/service/resources/add-resource.ts'
import { startControlServer } from './control-server.ts'
import type { ControlServer } from './control-server.ts'

describe('the control plane, called by the official JavaScript SDK', () => {
  let server: ControlServer
  let client: LightsailClient
  const bucketName = 'sdk-bucket'
  before(async () => {
    server = await startControlServer()
    client = server.client()
  })
  after(() => server.stop())

  it('creates a bucket and says how it is', async () => {
    const { bucket, operations } = await client.send(
      new CreateBucketCommand({
        bucketName,
        bundleId: 'small_1_0',
        tags: [{ key: 'team', value: 'a' }, { key: 'x' }],
      }),
    )
    assert.ok(bucket?.createdAt instanceof Date)
    assert.match(bucket.arn ?? '', /^arn:aws:lightsail:us-east-1:\d{12}:Bucket\/[0-9a-f-]{36}$/)
    assert.deepEqual(bucket, {
      arn: bucket.arn,
      createdAt: bucket.createdAt,
      resourceType: 'Bucket',
      accessRules: { getObject: 'private', allowPublicOverrides: false },
      bundleId: 'small_1_0',
      url: `http://localhost:9400/${bucketName}/`,
      location: { availabilityZone: 'all', regionName: 'us-east-1' },
      name: bucketName,
      supportCode: `${server.account.account.accountId}/${bucketName}`,
      tags: [{ key: 'team', value: 'a' }, { key: 'x' }],
      objectVersioning: 'NeverEnabled',
      ableToUpdateBundle: true,
      readonlyAccessAccounts: [],
      state: { code: 'OK' },
      accessLogConfig: { enabled: false },
    })
    assert.equal(operations?.length, 1)
    assert.equal(operations[0]?.status, 'Succeeded')
    assert.equal(operations[0].operationType, 'CreateBucket')
    assert.equal(operations[0].isTerminal, true)
  })

  it('finds each operation again by its id', async () => {
    const { operations = [] } = await client.send(
      new GetOperationsForResourceCommand({ resourceName: bucketName }),
    )
    const [operation] = operations
    assert.ok(operation)
    const found = await client.send(new GetOperationCommand({ operationId: operation.id }))
    assert.deepEqual(found.operation, operation)
  })

  it('refuses a name that any account has', async () => {
    await assert.rejects(
      client.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' })),
      InvalidInputException,
    )
  })

  it('creates two access keys, shows the secrets once, and refuses a third', async () => {
    const first = await client.send(new CreateBucketAccessKeyCommand({ bucketName }))
    const second = await client.send(new CreateBucketAccessKeyCommand({ bucketName }))
    for (const { accessKey } of [first, second]) {
      assert.match(accessKey?.accessKeyId ?? '', /^AKIA[A-Z2-7]{16}$/)
      assert.match(accessKey?.secretAccessKey ?? '', /^[A-Za-z0-9+/]{40}$/)
      assert.equal(accessKey?.status, 'Active')
      assert.deepEqual(accessKey.lastUsed, { region: 'N/A', serviceName: 'N/A' })
    }
    await assert.rejects(client.send(new CreateBucketAccessKeyCommand({ bucketName })), (error) => {
      assert.ok(error instanceof InvalidInputException)
      assert.match(error.message, /two access keys already/)
      return true
    })
    const { accessKeys = [] } = await client.send(new GetBucketAccessKeysCommand({ bucketName }))
    assert.deepEqual(
      accessKeys.map(({ accessKeyId }) => accessKeyId).sort(),
      [first.accessKey?.accessKeyId, second.accessKey?.accessKeyId].sort(),
    )
    assert.ok(accessKeys.every(({ secretAccessKey }) => secretAccessKey === undefined))
  })

  it('refuses a bucket key on every control-plane call', async () => {
    const name = 'key-bucket'
    await client.send(new CreateBucketCommand({ bucketName: name, bundleId: 'small_1_0' }))
    const { accessKey } = await client.send(new CreateBucketAccessKeyCommand({ bucketName: name }))
    const withKey = server.client({
      accessKeyId: accessKey?.accessKeyId ?? '',
      secretAccessKey: accessKey?.secretAccessKey ?? '',
    })
    await assert.rejects(withKey.send(new GetBucketsCommand({})), { name: 'AccessDeniedException' })
  })

  it('deletes a key, and knows it no more', async () => {
    const { accessKeys = [] } = await client.send(new GetBucketAccessKeysCommand({ bucketName }))
    const accessKeyId = accessKeys[0]?.accessKeyId
    await client.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId }))
    await assert.rejects(
      client.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId })),
      NotFoundException,
    )
  })

  it('changes what an update names, and keeps the rest', async () => {
    const cors = { rules: [{ allowedMethods: ['GET'], allowedOrigins: ['*'], maxAgeSeconds: 60 }] }
    const updated = await client.send(
      new UpdateBucketCommand({
        bucketName,
        accessRules: { getObject: 'public' },
        readonlyAccessAccounts: ['123456789012'],
        cors,
        accessLogConfig: { enabled: true, destination: bucketName, prefix: 'logs/' },
      }),
    )
    assert.deepEqual(updated.bucket?.cors, cors)
    const versioned = await client.send(new UpdateBucketCommand({ bucketName, versioning: 'Enabled' }))
    assert.equal(versioned.bucket?.cors, undefined)
    assert.equal(versioned.bucket?.objectVersioning, 'Enabled')
    assert.deepEqual(versioned.bucket.accessRules, { getObject: 'public', allowPublicOverrides: false })
    assert.deepEqual(versioned.bucket.readonlyAccessAccounts, ['123456789012'])
    assert.deepEqual(versioned.bucket.accessLogConfig, {
      enabled: true,
      destination: bucketName,
      prefix: 'logs/',
    })
    const cleared = await client.send(new UpdateBucketCommand({ bucketName, readonlyAccessAccounts: [] }))
    assert.deepEqual(cleared.bucket?.readonlyAccessAccounts, [])
  })

  it('changes the bundle once a month', async () => {
    await client.send(new UpdateBucketBundleCommand({ bucketName, bundleId: 'large_1_0' }))
    const { buckets } = await client.send(new GetBucketsCommand({ bucketName }))
    assert.equal(buckets?.[0]?.ableToUpdateBundle, false)
    await assert.rejects(
      client.send(new UpdateBucketBundleCommand({ bucketName, bundleId: 'medium_1_0' })),
      InvalidInputException,
    )
  })

  it('adds, overwrites and removes tags by name', async () => {
    await client.send(
      new TagResourceCommand({
        resourceName: bucketName,
        tags: [
          { key: 'team', value: 'b' },
          { key: 'new', value: '' },
        ],
      }),
    )
    await client.send(new UntagResourceCommand({ resourceName: bucketName, tagKeys: ['x', 'never'] }))
    const { buckets } = await client.send(new GetBucketsCommand({ bucketName }))
    assert.deepEqual(buckets?.[0]?.tags, [
      { key: 'team', value: 'b' },
      { key: 'new', value: '' },
    ])
  })

  it('opens the bucket to a known resource and closes it again', async () => {
    const { accountId } = server.account.account
    await addResource(server.context, { accountId, region: 'us-east-1' }, 'my-instance')
    const access = (resourceName: string, allow: 'allow' | 'deny') =>
      client.send(new SetResourceAccessForBucketCommand({ bucketName, resourceName, access: allow }))
    await access('my-instance', 'allow')
    const shown = await client.send(new GetBucketsCommand({ bucketName, includeConnectedResources: true }))
    assert.deepEqual(shown.buckets?.[0]?.resourcesReceivingAccess, [
      { name: 'my-instance', resourceType: 'Instance' },
    ])
    await access('my-instance', 'deny')
    await assert.rejects(access('other-instance', 'allow'), NotFoundException)
  })

  it('lists the bundles', async () => {
    const { bundles } = await client.send(new GetBucketBundlesCommand({}))
    assert.deepEqual(
      bundles?.map(({ bundleId, price }) => [bundleId, price]),
      [
        ['small_1_0', 1],
        ['medium_1_0', 3],
        ['large_1_0', 5],
      ],
    )
  })

  it('has no metric of an empty bucket', async () => {
    const day = 86_400_000
    const data = await client.send(
      new GetBucketMetricDataCommand({
        bucketName,
        metricName: 'BucketSizeBytes',
        startTime: new Date(Date.now() - 7 * day),
        endTime: new Date(Date.now() + day),
        period: 86_400,
        statistics: ['Average'],
        unit: 'Bytes',
      }),
    )
    assert.deepEqual([data.metricName, data.metricData], ['BucketSizeBytes', []])
  })

  it('keeps regions and accounts apart', async () => {
    const elsewhere = await server.client(undefined, 'eu-west-1').send(new GetBucketsCommand({}))
    assert.deepEqual(elsewhere.buckets, [])
    await assert.rejects(
      server.client(undefined, 'eu-west-1').send(new GetBucketsCommand({ bucketName })),
      NotFoundException,
    )
  })

  it('deletes a bucket with a key only by force, and then no longer finds it', async () => {
    await assert.rejects(client.send(new DeleteBucketCommand({ bucketName })), InvalidInputException)
    await client.send(new DeleteBucketCommand({ bucketName, forceDelete: true }))
    await assert.rejects(client.send(new GetBucketsCommand({ bucketName })), NotFoundException)
    await assert.rejects(client.send(new DeleteBucketCommand({ bucketName })), NotFoundException)
  })

  it('pages through operations, oldest first', async () => {
    const { operations = [], nextPageToken } = await client.send(new GetOperationsCommand({}))
    assert.equal(operations[0]?.operationType, 'CreateBucket')
    assert.equal(operations.at(-1)?.operationType, 'DeleteBucket')
    assert.equal(nextPageToken, undefined)
  })

  it('logged no fault', () => {
    assert.deepEqual(server.logged, [])
  })
})
