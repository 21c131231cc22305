import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import { addResource } from '../../src/service/resources/add-resource.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { startControlServer, type ControlServer } from './control-server.ts'

// What clients match on: status, headers and every byte of the response, but for what differs from run to run. The rows are held
// against error-responses.json.

type Answers = Readonly<Record<string, readonly [status: number, name: string, body: string]>>
const EXPECTED = JSON.parse(readFileSync(new URL('error-responses.json', import.meta.url), 'utf8')) as Answers

const REGION = 'us-east-1'
const bucketName = 'mine'

let server: ControlServer
let client: SignedClient

before(async () => {
  server = await startControlServer({ settings: { bucketsPerAccountMax: 3 } })
  const { account, rootKey } = server.account
  client = new SignedClient({ endpoint: server.url, region: REGION }, rootKey)
  const other = await createAccount(server.context, 'other')
  const others = new SignedClient({ endpoint: server.url, region: REGION }, other.rootKey)
  const calls: readonly (readonly [SignedClient, string, object])[] = [
    [others, 'CreateBucket', { bucketName: 'theirs', bundleId: 'small_1_0' }],
    [client, 'CreateBucket', { bucketName, bundleId: 'small_1_0' }],
    [client, 'CreateBucket', { bucketName: 'second', bundleId: 'small_1_0' }],
    [client, 'CreateBucket', { bucketName: 'third', bundleId: 'small_1_0' }],
    [client, 'CreateBucketAccessKey', { bucketName }],
    [client, 'CreateBucketAccessKey', { bucketName }],
    [client, 'UpdateBucketBundle', { bucketName: 'second', bundleId: 'medium_1_0' }],
    [
      client,
      'UpdateBucket',
      { bucketName: 'second', accessLogConfig: { enabled: true, destination: bucketName } },
    ],
  ]
  await addResource(server.context, { accountId: account.accountId, region: REGION }, 'instance')
  for (const [by, operation, input] of calls) {
    const { status, body } = await by.lightsail(operation, input)
    assert.equal(status, 200, `${operation}: ${body.toString()}`)
  }
  const { status } = await client.lightsail('SetResourceAccessForBucket', {
    bucketName,
    resourceName: 'instance',
    access: 'allow',
  })
  assert.equal(status, 200)
})

after(async () => {
  await server.stop()
  assert.deepEqual(server.logged, [])
})

const metric = {
  bucketName,
  metricName: 'BucketSizeBytes',
  startTime: 86_400,
  endTime: 172_800,
  period: 86_400,
  statistics: ['Average'],
  unit: 'Bytes',
}
const rule = { id: 'one', allowedMethods: ['GET'], allowedOrigins: ['*'] }
const update = (settings: object): readonly [string, object] => ['UpdateBucket', { bucketName, ...settings }]
const tag = (...tags: readonly object[]): readonly [string, object] => [
  'TagResource',
  { resourceName: bucketName, tags },
]

const ROWS: readonly (readonly [title: string, call: readonly [operation: string, input: object]])[] = [
  ['no such bucket', ['GetBuckets', { bucketName: 'none' }]],
  ["another account's bucket", ['GetBuckets', { bucketName: 'theirs' }]],
  ['a name that another has', ['CreateBucket', { bucketName: 'theirs', bundleId: 'small_1_0' }]],
  ['a bucket too many', ['CreateBucket', { bucketName: 'fourth', bundleId: 'small_1_0' }]],
  ['no such bundle', ['CreateBucket', { bucketName: 'fourth', bundleId: 'none_1_0' }]],
  ['the bundle that it has', ['UpdateBucketBundle', { bucketName, bundleId: 'small_1_0' }]],
  [
    'a bundle changed twice in a month',
    ['UpdateBucketBundle', { bucketName: 'second', bundleId: 'small_1_0' }],
  ],
  ['a third access key', ['CreateBucketAccessKey', { bucketName }]],
  ['no such access key', ['DeleteBucketAccessKey', { bucketName, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }]],
  ['a bucket in use', ['DeleteBucket', { bucketName }]],
  ['a versioning that is none', update({ versioning: 'On' })],
  ['an account id that is none', update({ readonlyAccessAccounts: ['12'] })],
  ['a log without destination', update({ accessLogConfig: { enabled: true } })],
  ['no log with a destination', update({ accessLogConfig: { enabled: false, destination: 'second' } })],
  ['a log to another account', update({ accessLogConfig: { enabled: true, destination: 'theirs' } })],
  ['a CORS rule that exposes a wildcard', update({ cors: { rules: [{ ...rule, exposeHeaders: ['*'] }] } })],
  ['a CORS rule twice', update({ cors: { rules: [rule, rule] } })],
  ['a reserved tag', tag({ key: 'aws:a', value: '1' })],
  ['a tag without key', tag({ value: '1' })],
  ['a tag key with a text that it may not have', tag({ key: 'a;b' })],
  ['a tag value with a text that it may not have', tag({ key: 'a', value: ';' })],
  ['a tag twice', tag({ key: 'a' }, { key: 'a' })],
  ['51 tags', tag(...Array.from({ length: 51 }, (_, at) => ({ key: `k${at}` })))],
  [
    'the ARN of something else',
    [
      'TagResource',
      {
        resourceName: bucketName,
        resourceArn: 'arn:aws:lightsail:us-east-1:123456789012:Bucket/none',
        tags: [{ key: 'a' }],
      },
    ],
  ],
  ['no such instance', ['SetResourceAccessForBucket', { bucketName, resourceName: 'none', access: 'allow' }]],
  ['no such operation', ['GetOperation', { operationId: '00000000-0000-4000-8000-000000000000' }]],
  ['a page token that is none', ['GetOperations', { pageToken: 'none' }]],
  ['a metric that ends before it begins', ['GetBucketMetricData', { ...metric, endTime: 1 }]],
  ['a period that is no whole minute', ['GetBucketMetricData', { ...metric, period: 61 }]],
  ['a metric of too many days', ['GetBucketMetricData', { ...metric, endTime: 1_700_000_000 }]],
  ['a member that is missing', ['DeleteBucket', {}]],
  ['an operation that is not offered', ['CreateInstances', {}]],
]

describe("Lightsail's response to", () => {
  for (const [title, [operation, input]] of ROWS)
    it(title, async () => {
      const { status, headers, body } = await client.lightsail(operation, input)
      // The first day of the next month is another one every month.
      const text = body.toString().replace(/again from \d{4}-\d{2}-01 \(UTC\)/, 'again from … (UTC)')
      assert.deepEqual([status, headers['x-amzn-errortype'], text], EXPECTED[title])
    })

  it('each row is pinned, and nothing else', () => {
    assert.deepEqual(
      Object.keys(EXPECTED),
      ROWS.map(([title]) => title),
    )
  })
})
