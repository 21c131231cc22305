import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startControlServer } from './control-server.ts'
import type { ControlServer } from './control-server.ts'

const hasBoto3 = spawnSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0
const awsVersion = spawnSync('aws', ['--version'], { encoding: 'utf8' })
const hasAwsCli = awsVersion.status === 0 && awsVersion.stdout.startsWith('aws-cli/1.')

/** Calls operations in turn, and prints for each what came back: the response's values, or the error as boto3 names it. */
const PYTHON = `
import boto3, json, sys
from botocore.config import Config
client = boto3.client('lightsail', config=Config(retries={'max_attempts': 0}))
for name, arguments in json.load(sys.stdin):
    try:
        answer = getattr(client, name)(**arguments)
        answer.pop('ResponseMetadata')
        print(json.dumps({'answer': answer}, default=lambda value: value.timestamp()))
    except client.exceptions.ClientError as error:
        print(json.dumps({'class': type(error).__name__, 'code': error.response['Error']['Code'],
          'message': error.response['Error']['Message'], 'status': error.response['ResponseMetadata']['HTTPStatusCode']}))
`

interface Outcome {
  readonly answer?: Record<string, unknown>
  readonly class?: string
  readonly code?: string
  readonly message?: string
  readonly status?: number
}

describe('the control plane, called from Python', () => {
  let server: ControlServer
  let home = ''
  before(async () => {
    server = await startControlServer()
    home = await mkdtemp(join(tmpdir(), 'lugsail-boto3-'))
  })
  after(async () => {
    await server.stop()
    await rm(home, { recursive: true })
  })

  const run = (command: string, args: readonly string[], input = '', secret?: string) =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      const { accessKeyId, secretAccessKey } = server.account.rootKey
      const child = spawn(command, args, {
        env: {
          ...process.env,
          HOME: home,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secret ?? secretAccessKey,
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: server.url,
        },
      })
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
      child.on('error', reject)
      child.on('close', (status) => resolve({ status, stdout, stderr }))
      child.stdin.end(input)
    })

  const callBoto3 = async (calls: readonly [string, object][], secret?: string): Promise<Outcome[]> => {
    const { stdout, stderr } = await run('python3', ['-c', PYTHON], JSON.stringify(calls), secret)
    assert.equal(stderr, '')
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Outcome)
  }

  it(
    'boto3 makes a bucket and a key, and gets every error as the exception of that name',
    { skip: !hasBoto3 && 'there is no boto3 on this machine' },
    async () => {
      const bucketName = 'from-python'
      const outcomes = await callBoto3([
        ['create_bucket', { bucketName, bundleId: 'small_1_0' }],
        ['create_bucket_access_key', { bucketName }],
        ['get_bucket_access_keys', { bucketName }],
        ['get_buckets', { bucketName: 'missing' }],
        ['create_bucket', { bucketName, bundleId: 'small_1_0' }],
        ['create_bucket', { bucketName: 'UPPER', bundleId: 'small_1_0' }],
        ['get_instances', {}],
        ['get_operations', { pageToken: 'made-up' }],
        ['delete_bucket', { bucketName, forceDelete: true }],
      ])
      const [created, keyCreated, keys] = outcomes.map(({ answer }) => answer ?? {})
      assert.equal((created?.operations as unknown[] | undefined)?.length, 1)
      assert.match(
        (keyCreated?.accessKey as { secretAccessKey: string } | undefined)?.secretAccessKey ?? '',
        /^.{40}$/,
      )
      const [key] = (keys?.accessKeys ?? []) as Record<string, unknown>[]
      assert.deepEqual(key?.lastUsed, { region: 'N/A', serviceName: 'N/A' })
      assert.deepEqual(
        outcomes.slice(3, 8).map((outcome) => [outcome.class, outcome.code, outcome.status]),
        [
          ['NotFoundException', 'NotFoundException', 400],
          ['InvalidInputException', 'InvalidInputException', 400],
          ['InvalidInputException', 'InvalidInputException', 400],
          ['ClientError', 'UnknownOperationException', 400],
          ['InvalidInputException', 'InvalidInputException', 400],
        ],
      )
      assert.ok(outcomes[8]?.answer)
    },
  )

  it(
    'boto3 gets NotFoundException from each operation that names something, and ServiceException for a fault of the server',
    { skip: !hasBoto3 && 'there is no boto3 on this machine' },
    async () => {
      const bucketName = 'missing-bucket'
      const [startTime, endTime] = [Date.now() / 1_000 - 86_400, Date.now() / 1_000]
      const span = { startTime, endTime, period: 86_400 }
      const metric = { metricName: 'BucketSizeBytes', statistics: ['Average'], unit: 'Bytes', ...span }
      const calls: [string, object][] = [
        ['create_bucket_access_key', { bucketName }],
        ['delete_bucket', { bucketName }],
        ['delete_bucket_access_key', { bucketName, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }],
        ['get_bucket_access_keys', { bucketName }],
        ['get_bucket_metric_data', { bucketName, ...metric }],
        ['get_buckets', { bucketName }],
        ['get_operation', { operationId: '00000000-0000-4000-8000-000000000000' }],
        ['set_resource_access_for_bucket', { resourceName: 'web', bucketName, access: 'allow' }],
        ['tag_resource', { resourceName: bucketName, tags: [{ key: 'a' }] }],
        ['untag_resource', { resourceName: bucketName, tagKeys: ['a'] }],
        ['update_bucket', { bucketName, versioning: 'Enabled' }],
        ['update_bucket_bundle', { bucketName, bundleId: 'medium_1_0' }],
      ]
      const missing = await callBoto3(calls)
      assert.deepEqual(
        missing.map((outcome) => [outcome.class, outcome.status]),
        calls.map(() => ['NotFoundException', 400]),
      )
      const { metadata } = server.context
      const getMany = metadata.getMany.bind(metadata)
      Object.assign(metadata, { getMany: () => Promise.reject(new Error('a fault made by the test')) })
      const faults = await callBoto3(calls)
      Object.assign(metadata, { getMany })
      assert.deepEqual(
        faults.map((outcome) => [outcome.class, outcome.status]),
        calls.map(() => ['ServiceException', 500]),
      )
    },
  )

  it(
    'boto3 with a wrong secret gets InvalidSignatureException',
    { skip: !hasBoto3 && 'there is no boto3 on this machine' },
    async () => {
      const [outcome] = await callBoto3([['get_buckets', {}]], 'wrong')
      assert.deepEqual([outcome?.code, outcome?.status], ['InvalidSignatureException', 403])
    },
  )

  it(
    'aws CLI v1 prints prices and times as Amazon sends them',
    { skip: !hasAwsCli && 'there is no aws CLI v1 on this machine' },
    async () => {
      const bundles = await run('aws', ['lightsail', 'get-bucket-bundles', '--query', 'bundles[0].price'])
      assert.deepEqual([bundles.stdout, bundles.stderr, bundles.status], ['1.0\n', '', 0])
      const created = await run('aws', [
        ...['lightsail', 'create-bucket', '--bucket-name', 'from-cli', '--bundle-id', 'small_1_0'],
        ...['--query', 'bucket.createdAt'],
      ])
      assert.match(created.stdout, /^\d{10}\.\d{1,3}\n$/)
      const refused = await run('aws', ['lightsail', 'get-buckets', '--bucket-name', 'missing'])
      assert.equal(refused.status, 255)
      assert.match(
        refused.stderr,
        /An error occurred \(NotFoundException\) when calling the GetBuckets operation: /,
      )
    },
  )
})
