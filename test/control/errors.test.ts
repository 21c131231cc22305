import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import * as sdk from '@aws-sdk/client-lightsail'
import { startControlServer } from './control-server.ts'
import type { ControlServer } from './control-server.ts'

const bucketName = 'missing-bucket'
const notAName = 'NOT A NAME'
const day = 86_400_000
const metric: Omit<sdk.GetBucketMetricDataRequest, 'bucketName'> = {
  metricName: 'BucketSizeBytes',
  startTime: new Date(Date.now() - day),
  endTime: new Date(),
  period: 86_400,
  statistics: ['Average'],
  unit: 'Bytes',
}
const bundleId = 'small_1_0'
const accessKeyId = 'AKIAAAAAAAAAAAAAAAAA'

type Call = (to: sdk.LightsailClient) => Promise<unknown>

interface Inputs {
  /** Good input for what is not there; absent where nothing can be missing. */
  readonly missing?: Call
  /** Input that is refused whatever is there; absent where there is none. */
  readonly invalid?: Call
  /** Good input. */
  readonly any: Call
}

const cases: Readonly<Record<string, Inputs>> = {
  CreateBucket: {
    invalid: (to) => to.send(new sdk.CreateBucketCommand({ bucketName: notAName, bundleId })),
    any: (to) => to.send(new sdk.CreateBucketCommand({ bucketName, bundleId })),
  },
  CreateBucketAccessKey: {
    missing: (to) => to.send(new sdk.CreateBucketAccessKeyCommand({ bucketName })),
    invalid: (to) => to.send(new sdk.CreateBucketAccessKeyCommand({ bucketName: notAName })),
    any: (to) => to.send(new sdk.CreateBucketAccessKeyCommand({ bucketName })),
  },
  DeleteBucket: {
    missing: (to) => to.send(new sdk.DeleteBucketCommand({ bucketName })),
    invalid: (to) => to.send(new sdk.DeleteBucketCommand({ bucketName: notAName })),
    any: (to) => to.send(new sdk.DeleteBucketCommand({ bucketName })),
  },
  DeleteBucketAccessKey: {
    missing: (to) => to.send(new sdk.DeleteBucketAccessKeyCommand({ bucketName, accessKeyId })),
    invalid: (to) => to.send(new sdk.DeleteBucketAccessKeyCommand({ bucketName: notAName, accessKeyId })),
    any: (to) => to.send(new sdk.DeleteBucketAccessKeyCommand({ bucketName, accessKeyId })),
  },
  GetBucketAccessKeys: {
    missing: (to) => to.send(new sdk.GetBucketAccessKeysCommand({ bucketName })),
    invalid: (to) => to.send(new sdk.GetBucketAccessKeysCommand({ bucketName: notAName })),
    any: (to) => to.send(new sdk.GetBucketAccessKeysCommand({ bucketName })),
  },
  GetBucketBundles: { any: (to) => to.send(new sdk.GetBucketBundlesCommand({})) },
  GetBucketMetricData: {
    missing: (to) => to.send(new sdk.GetBucketMetricDataCommand({ bucketName, ...metric })),
    invalid: (to) => to.send(new sdk.GetBucketMetricDataCommand({ bucketName: notAName, ...metric })),
    any: (to) => to.send(new sdk.GetBucketMetricDataCommand({ bucketName, ...metric })),
  },
  GetBuckets: {
    missing: (to) => to.send(new sdk.GetBucketsCommand({ bucketName })),
    invalid: (to) => to.send(new sdk.GetBucketsCommand({ bucketName: notAName })),
    any: (to) => to.send(new sdk.GetBucketsCommand({})),
  },
  GetOperation: {
    missing: (to) =>
      to.send(new sdk.GetOperationCommand({ operationId: '00000000-0000-4000-8000-000000000000' })),
    invalid: (to) => to.send(new sdk.GetOperationCommand({ operationId: '' })),
    any: (to) =>
      to.send(new sdk.GetOperationCommand({ operationId: '00000000-0000-4000-8000-000000000000' })),
  },
  GetOperations: {
    invalid: (to) => to.send(new sdk.GetOperationsCommand({ pageToken: 'made up' })),
    any: (to) => to.send(new sdk.GetOperationsCommand({})),
  },
  GetOperationsForResource: {
    invalid: (to) =>
      to.send(new sdk.GetOperationsForResourceCommand({ resourceName: bucketName, pageToken: 'made up' })),
    any: (to) => to.send(new sdk.GetOperationsForResourceCommand({ resourceName: bucketName })),
  },
  SetResourceAccessForBucket: {
    missing: (to) =>
      to.send(
        new sdk.SetResourceAccessForBucketCommand({ resourceName: 'web', bucketName, access: 'allow' }),
      ),
    invalid: (to) =>
      to.send(
        new sdk.SetResourceAccessForBucketCommand({
          resourceName: 'web',
          bucketName: notAName,
          access: 'allow',
        }),
      ),
    any: (to) =>
      to.send(
        new sdk.SetResourceAccessForBucketCommand({ resourceName: 'web', bucketName, access: 'allow' }),
      ),
  },
  TagResource: {
    missing: (to) => to.send(new sdk.TagResourceCommand({ resourceName: bucketName, tags: [{ key: 'a' }] })),
    invalid: (to) => to.send(new sdk.TagResourceCommand({ resourceName: '?', tags: [{ key: 'a' }] })),
    any: (to) => to.send(new sdk.TagResourceCommand({ resourceName: bucketName, tags: [{ key: 'a' }] })),
  },
  UntagResource: {
    missing: (to) => to.send(new sdk.UntagResourceCommand({ resourceName: bucketName, tagKeys: ['a'] })),
    invalid: (to) => to.send(new sdk.UntagResourceCommand({ resourceName: '?', tagKeys: ['a'] })),
    any: (to) => to.send(new sdk.UntagResourceCommand({ resourceName: bucketName, tagKeys: ['a'] })),
  },
  UpdateBucket: {
    missing: (to) => to.send(new sdk.UpdateBucketCommand({ bucketName, versioning: 'Enabled' })),
    invalid: (to) => to.send(new sdk.UpdateBucketCommand({ bucketName: notAName, versioning: 'Enabled' })),
    any: (to) => to.send(new sdk.UpdateBucketCommand({ bucketName, versioning: 'Enabled' })),
  },
  UpdateBucketBundle: {
    missing: (to) => to.send(new sdk.UpdateBucketBundleCommand({ bucketName, bundleId: 'medium_1_0' })),
    invalid: (to) =>
      to.send(new sdk.UpdateBucketBundleCommand({ bucketName: notAName, bundleId: 'medium_1_0' })),
    any: (to) => to.send(new sdk.UpdateBucketBundleCommand({ bucketName, bundleId: 'medium_1_0' })),
  },
}

describe('the errors of each operation, as the official JavaScript SDK gives them', () => {
  let server: ControlServer
  let client: sdk.LightsailClient
  let withBucketKey: sdk.LightsailClient
  before(async () => {
    server = await startControlServer()
    client = server.client()
    const own = 'bucket-of-a-key'
    await client.send(new sdk.CreateBucketCommand({ bucketName: own, bundleId }))
    const { accessKey } = await client.send(new sdk.CreateBucketAccessKeyCommand({ bucketName: own }))
    const { accessKeyId: id = '', secretAccessKey = '' } = accessKey ?? {}
    withBucketKey = server.client({ accessKeyId: id, secretAccessKey })
  })
  after(() => server.stop())

  it('are looked at for all 16 operations', () => assert.equal(Object.keys(cases).length, 16))

  for (const [operation, { missing, invalid, any }] of Object.entries(cases)) {
    it(`${operation} is refused with its exception`, async () => {
      await assert.rejects(any(withBucketKey), sdk.AccessDeniedException)
      if (missing) await assert.rejects(missing(client), sdk.NotFoundException)
      if (invalid) await assert.rejects(invalid(client), sdk.InvalidInputException)
    })
  }

  it('each operation that meets a fault of the server gives ServiceException, and the fault is logged', async () => {
    const { metadata } = server.context
    const whole = { getMany: metadata.getMany.bind(metadata), scan: metadata.scan.bind(metadata) }
    const fail = () => Promise.reject(new Error('a fault made by the test'))
    Object.assign(metadata, { getMany: fail, scan: fail })
    for (const [operation, { any }] of Object.entries(cases))
      await assert.rejects(any(client), sdk.ServiceException, operation)
    Object.assign(metadata, whole)
    assert.equal(server.logged.length, 16)
  })
})
